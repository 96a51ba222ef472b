// From rows of the log to readings, to items of the recorder where the verdict is another one now.
#include "postback/store/replayer.hpp"

#include "domain/browser_status.hpp"
#include "postback/base/check.hpp"
#include "postback/domain/judge_again.hpp"
#include "postback/domain/logged_request.hpp"
#include "postback/domain/postback_shape.hpp"
#include "postback/store/foreign_lookup.hpp"
#include "postback/store/network_lookup.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace postback {
namespace {

/// What a row proved when it arrived, if it waits for its click to tell how it has to authenticate; else null.
const std::vector<EntityNumber>* proved_by(const StoredPostback& row, const Replayer::Wish& wish) {
  if (wish.waiting == nullptr || row.authentication != to_string(Authentication::none)) return nullptr;
  const auto found = wish.waiting->find(row.id);
  return found == wish.waiting->end() ? nullptr : &found->second;
}

/// Why a row cannot be judged again, whatever it says; empty if it can.
std::string_view obstacle(const StoredPostback& row, const Replayer::Wish& wish) {
  if (row.shape == to_string(PostbackShape::manual)) return "It was entered by hand and not sent by a network.";
  const auto too_large = to_string(VerdictCode::too_large);
  if (row.code == too_large || row.first_code == too_large)
    return "Its body was larger than the limit and was not kept, so it is not known what it said.";
  if (row.headers.empty()) return "What it said was emptied by retention or erasure.";
  const bool authenticated = row.authentication != to_string(Authentication::none) || proved_by(row, wish) != nullptr;
  if (!wish.vouched && !authenticated)
    return "It was never authenticated, so it is judged again only where an admin names it by its ID.";
  return {};
}

LoggedRequest logged_request(StoredPostback& row, const Replayer::Wish& wish) {
  std::optional authentication = parse_authentication(row.authentication).value_or(Authentication::none);
  const auto* const proved_to = proved_by(row, wish);
  // Whoever named the row vouches for it.
  if (authentication == Authentication::none) authentication = Authentication::key;
  if (proved_to != nullptr) authentication.reset();
  return {.method = std::move(row.method),
          .target = std::move(row.target),
          .headers = std::move(row.headers),
          .body = std::move(row.body),
          .peer = std::move(row.peer),
          .network = row.network,
          .shape = parse_postback_shape(row.shape),
          .secure = row.secure,
          .arrival = row.time,
          .authentication = authentication,
          .proved_to = proved_to != nullptr ? *proved_to : std::vector<EntityNumber>{}};
}

void refuse(ReplayedRow& row, std::string reason) {
  row.outcome = ReplayedRow::Outcome::refused;
  row.message = std::move(reason);
}

/// Its click is of another network than the one it was authenticated for. Where its URL leaves that to the click, it is
/// authenticated now, as it would have been beside its click: by its way and address, and by no token. Whether it was.
bool authenticate_for_click(PostbackItem& item, const Replayer::Wish& wish, const ClickIdKeys& keys) {
  if (wish.waiting == nullptr || !is_dropped_in(item.postback.shape)) return false;
  const std::vector<EntityNumber> none;
  item.postback.authenticated.reset();
  item.postback.proved_to = &none;
  item.reading = read(item.postback, item.reading.catalog, keys);
  item.postback.proved_to = nullptr;
  return true;
}

/// Has the store judge a row that cannot be matched as what it is already, which ends its waiting.
void refuse_for_good(Reading& reading) {
  reading.refusal = Verdict{};
  reading.refusal->code = VerdictCode::click_unknown;
}

void note_change(ReplayedRow& row, const Judgement& judgement) {
  row.outcome = ReplayedRow::Outcome::changed;
  row.code = to_string(judgement.verdict.code);
  row.message = judgement.verdict.message;
  row.click = judgement.conversion_click;
  row.conversion_number = judgement.conversion_number;
}

}  // namespace

/// A row on its way.
struct Replayer::Job {
  StoredPostback logged;
  ReplayedRow row;
  std::optional<ReplayedRequest> request{};
  ItemWaiter::Counted<PostbackItem> item{};
  JudgedAgain again{};
  bool submitted = false;
};

/// The click and, where the request's shape leaves that to the click, the network that it is of.
Result<void> Replayer::look_up(Reader& reader, Job& job, const Wish& wish) {
  const auto catalog = catalog_.current();
  job.request.emplace(logged_request(job.logged, wish));
  job.item.postback = job.request->postback();
  if (auto found = find_network(reader, *catalog, keys_, job.item.postback); !found) return found;
  job.item.reading = read(job.item.postback, catalog, keys_);
  if (auto resolved = resolve_foreign_click(reader, keys_, job.item.postback, job.item.reading); !resolved)
    return resolved;
  return job.item.postback.shape == PostbackShape::browser ? distrust_status(reader, job) : Result<void>{};
}

/// Who vouches for a browser's call vouches for the conversion, not for the status that its page wrote.
Result<void> Replayer::distrust_status(Reader& reader, Job& job) {
  Reading& reading = job.item.reading;
  const auto click = reader.click_facts(reading.click_id.high);
  if (!click) return click.error();
  take_status_of_offer(*click ? reading.catalog->offer((*click)->offer) : nullptr, reading);
  return {};
}

Result<void> Replayer::judge(Reader& reader, Job& job) {
  EarlierJudgement earlier{.code = job.logged.code, .result = job.logged.result, .status = job.logged.status};
  if (earlier.had_effect() && job.logged.conversion_number != 0) {
    auto own = reader.left_by(job.logged.click, job.logged.conversion_number, job.logged.id);
    if (!own) return own.error();
    earlier.own = std::move(*own);
  }
  const auto facts = reader.facts(job.item.reading);
  if (!facts) return facts.error();
  job.item.click = facts->click;
  job.again = judge_again(job.item.reading, *facts, earlier);
  return {};
}

/// Reads and judges without any effect.
Result<void> Replayer::prepare(Reader& reader, Job& job, const Wish& wish) {
  if (const auto reason = obstacle(job.logged, wish); !reason.empty()) {
    refuse(job.row, std::string(reason));
    return {};
  }
  if (auto looked_up = look_up(reader, job, wish); !looked_up) return looked_up;
  const Reading& reading = job.item.reading;
  if (const auto masked = masked_field(job.item.postback, reading.network)) {
    refuse(job.row, "The log masked `" + *masked + "`, since a secret stood in it, so it is not known what it said.");
    return {};
  }
  const bool bound = !wish.vouched && proved_by(job.logged, wish) == nullptr;
  const bool other = bound && reading.network != nullptr && reading.network->id != job.logged.network;
  if (other && !authenticate_for_click(job.item, wish, keys_)) {
    refuse(job.row, "It was authenticated for network `" + job.logged.network + "` and would count for network `" +
                        reading.network->id + "` today, so it is judged again only where an admin names it by its ID.");
    return {};
  }
  return judge(reader, job);
}

Result<std::vector<ReplayedRow>> Replayer::replay(Reader& reader, std::vector<StoredPostback> rows, const Wish& wish) {
  check(rows.size() <= kMostRows, "a replay is given at most its largest number of rows");
  std::vector<std::unique_ptr<Job>> jobs;
  ItemWaiter::Count count;
  std::optional<Error> failure;
  for (auto& row : rows) {
    auto& job = *jobs.emplace_back(std::make_unique<Job>());
    job.row.id = row.id;
    job.row.code_before = job.row.code = row.code;
    job.logged = std::move(row);
    if (const auto prepared = prepare(reader, job, wish); !prepared) {
      failure = prepared.error();
      break;
    }
    // Rows before this one may change what it is judged against, so the store judges it once more.
    const bool waits_in_vain = wish.waiting != nullptr && job.row.outcome == ReplayedRow::Outcome::refused &&
                               job.row.code == to_string(VerdictCode::click_unknown);
    if (waits_in_vain) refuse_for_good(job.item.reading);
    if (!job.again.changes && !waits_in_vain) continue;
    if (wish.dry_run) {
      note_change(job.row, job.again.judgement);
      continue;
    }
    job.item.judged_again = job.row.id;
    job.item.cause = wish.cause;
    job.item.fires = wish.fires;
    job.submitted = items_.submit(job.item, count);
    if (!job.submitted) {
      failure = Error{ErrorCode::store_busy, "the recorder's queue is full"};
      break;
    }
  }
  items_.wait(count);
  std::vector<ReplayedRow> replayed;
  for (auto& job : jobs) {
    if (job->submitted && job->item.outcome == ItemOutcome::rejected) {
      refuse(job->row,
             "The store does not take what it would change; the server's log says why, as "
             "recorder.item_rejected.");
    } else if (job->submitted && job->item.outcome != ItemOutcome::committed) {
      failure = Error{ErrorCode::store_busy, "the store refused"};
    }
    if (job->submitted && job->item.changed) note_change(job->row, job->item.judgement);
    replayed.push_back(std::move(job->row));
  }
  if (failure) return *failure;
  return replayed;
}

}  // namespace postback
