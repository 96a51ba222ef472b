-- What stands in feeds (state 5): a feed is found without a look at what was sent.
CREATE INDEX delivery_listed ON delivery (destination, id) WHERE state = 5;
