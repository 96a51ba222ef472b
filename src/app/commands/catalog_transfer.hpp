// Exporting and importing a server's whole catalog, as `catalog` and `import` do it.
#pragma once

#include "app/commands/server_options.hpp"

#include <string>

namespace postback {

struct CatalogImport {
  ServerOptions server;
  std::string file;
  bool dry_run = false;
  bool replace = false;
};

/// Sends the file and prints what changed. The exit status.
int import_catalog(const CatalogImport& options);
/// The same with the file's text.
int import_catalog(const CatalogImport& options, std::string text);

/// Whether a JSON text looks like what `catalog export` writes.
bool looks_like_catalog(const Json& json);

/// Largest file that is read, in bytes; the server has a limit of its own.
inline constexpr std::size_t kLargestImport = 256UL << 20;

}  // namespace postback
