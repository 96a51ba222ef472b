// StoreContract: the tests that every store passes, whatever it keeps its rows in; instantiated in
// contract_rows_test.cpp.
#pragma once

#include "store_fixture.hpp"

#include <functional>
#include <utility>

namespace postback {

using MakeFactory = std::function<std::unique_ptr<StoreFactory>()>;

class StoreContract : public testing::TestWithParam<std::pair<const char*, MakeFactory>> {
 protected:
  void SetUp() override {
    factory_ = GetParam().second();
    open();
  }
  void open() {
    reader_.reset();
    store_.reset();
    auto opened = factory_->open(world_.clock, world_.entropy);
    ASSERT_OK(opened);
    store_ = std::move(*opened);
    auto reader = store_->open_reader();
    ASSERT_OK(reader);
    reader_ = std::move(*reader);
  }
  Result<void> commit(std::vector<Item*> items) { return store_->commit(items, world_.ids); }
  StoredClick stored(SnowflakeId id) {
    auto found = reader_->click(id);
    EXPECT_OK(found);
    if (!found || !*found) {
      ADD_FAILURE() << "no click " << id;
      return {};
    }
    return **found;
  }
  bool has(const ClickItem& item) { return reader_->click_facts(item.click.id.high).value().has_value(); }
  std::vector<Conversion> conversions_of(SnowflakeId click) {
    LogQuery query;
    query.click = click;
    const auto rows = reader_->conversions(query).value().rows;
    return {rows.begin(), rows.end()};
  }
  std::vector<StoredPostback> postback_log() { return reader_->postbacks({}).value().rows; }

  World world_;
  std::unique_ptr<StoreFactory> factory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace postback
