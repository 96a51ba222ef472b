// Runs Perl, which has the only writer of such files among the distribution's packages.
#include "support/geo_file.hpp"

#include "support/command_run.hpp"

#include <stdexcept>

namespace postback::testing {
namespace {

constexpr const char* kScript = R"perl(
use strict; use warnings;
use JSON::PP qw(decode_json);
use MaxMind::DB::Writer::Tree;
my ($path, $type) = @ARGV;
local $/;
my $networks = decode_json(<STDIN>);
my %kinds = (country => 'map', names => 'map', subdivisions => ['array', 'map']);
$kinds{city} = 'map' unless grep { exists $_->{country_code} } values %$networks;
my $tree = MaxMind::DB::Writer::Tree->new(
  ip_version => 6, record_size => 24, database_type => $type, languages => ['en'], description => {en => 'test'},
  alias_ipv6_to_ipv4 => 1, remove_reserved_networks => 0,
  map_key_type_callback => sub { $kinds{$_[0]} // 'utf8_string' });
$tree->insert_network($_, $networks->{$_}) for sort keys %$networks;
open my $out, '>:raw', $path or die "$path: $!";
$tree->write_tree($out);
close $out or die "$path: $!";
)perl";

}  // namespace

void write_geo_file(const std::string& path, std::string_view networks, std::string_view type) {
  const auto end = run_command("/usr/bin/perl", {"-e", kScript, path, std::string(type)}, {}, std::string(networks));
  if (end.status != 0) throw std::runtime_error("perl could not write " + path + ": " + end.err);
}

}  // namespace postback::testing
