// What a compiled design throws where its back end would end the process; `shim.cpp` catches it.

#include <stdexcept>

struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};
