// Boost.URL's own sources, compiled once here so that no shared library of it is needed.
#include <boost/url/src.hpp>
