// Listens on ports of 127.0.0.1 and never answers, for scripts/bench: silent_ports COUNT; prints the ports, one a line.
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {

/// The port that a new listener got; 0 if it could not be made. The kernel takes connections and what they send; nobody
/// reads it.
unsigned listen_somewhere() {
  constexpr int kBacklog = 256;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, generic, length) != 0 || ::listen(listener, kBacklog) != 0) return 0;
  if (::getsockname(listener, generic, &length) != 0) return 0;
  return ntohs(address.sin_port);
}

}  // namespace

int main(int count, char** arguments) {
  const long wanted = count == 2 ? std::strtol(arguments[1], nullptr, 10) : 0;
  if (wanted < 1 || wanted > 1'000) {
    std::fprintf(stderr, "usage: silent_ports COUNT (1 to 1000)\n");
    return 2;
  }
  for (long n = 0; n < wanted; ++n) {
    const unsigned port = listen_somewhere();
    if (port == 0) {
      std::perror("silent_ports: listen");
      return 1;
    }
    std::printf("%u\n", port);
  }
  std::fflush(stdout);
  // Until a signal ends it, or whoever started it closes its end of the pipe.
  char nothing = 0;
  while (::read(STDIN_FILENO, &nothing, 1) > 0) {
  }
}
