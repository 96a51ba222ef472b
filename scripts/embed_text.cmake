# Writes a C++ file with a function that gives the text of FILE: called by CMakeLists.txt with OUT, FILE, HEADER (which
# declares the function), NAMESPACE and FUNCTION.
file(READ ${FILE} text)
# Pieces are cut at bytes, so characters must be single ones; 64 KiB is all that a compiler must take as one literal.
if(text MATCHES "[^ -~\n]")
  message(FATAL_ERROR "${FILE}: write characters beyond ASCII as \\uXXXX.")
endif()
get_filename_component(name ${FILE} NAME)
set(code "// Generated from ${name}; do not edit.\n#include \"${HEADER}\"\n\n#include <string>\n\nnamespace ${NAMESPACE} {\n\nstd::string_view ${FUNCTION}() {\n  static const std::string text = [] {\n    std::string all;\n")
string(LENGTH "${text}" length)
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 32000 piece)
  string(APPEND code "    all += R\"json(${piece})json\";\n")
  math(EXPR at "${at} + 32000")
endwhile()
string(APPEND code "    return all;\n  }();\n  return text;\n}\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUT} "${code}")
