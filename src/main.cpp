// Parses arguments and runs the application.
#include "postback/app/command_line.hpp"

int main(int argc, char** argv) { return postback::run_command_line(argc, argv); }
