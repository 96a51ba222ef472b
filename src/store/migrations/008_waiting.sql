-- Postbacks whose network is told by the click that they wait for.

-- proved_to: numbers of the networks whose token it carried when it arrived, with commas between them; NULL: none, or
-- its network was known.
ALTER TABLE waiting ADD COLUMN proved_to TEXT;
