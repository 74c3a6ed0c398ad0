// The C interface of a compiled design. What precedes defines `struct Model`: set, get, clock, eval, and with
// ENGRAM_VCD, record and dump.
//
// A design that stops itself, or breaks an assertion, must not end the process that simulates it. The back ends' ways to stop
// are made exceptions (`stopped.h`); what calls `abort()` all the same is led back here by a handler of its signal. Either way
// the instance has failed: it says why, does nothing more, and is never freed, since nothing is known of its state. An
// instance that could not even be made has no model.

#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#define ENGRAM_API extern "C" __attribute__((visibility("default")))

namespace {

struct Instance {
  std::optional<Model> made;
  uint64_t half_cycles = 0;
  bool recording = false;
  std::string failure;

  bool well() const { return failure.empty(); }

  void edge(bool level) {
    Model &model = *made;
    model.clock(level);
    model.eval();
#ifdef ENGRAM_VCD
    if (recording) model.dump(half_cycles);
#endif
    ++half_cycles;
  }
};

// Numbers of the ports of two byte streams.
struct Streams {
  uint32_t rx_data, rx_valid, rx_ready, tx_data, tx_valid, tx_ready;
};

enum End : uint32_t { LAST_BYTE, IDLE, OUT_OF_CYCLES, BUFFER_FULL, FAILED };

struct Exchange {
  const uint8_t *send;
  uint64_t send_length;
  uint8_t *receive;
  uint64_t receive_length;
  uint64_t max_cycles;
  uint64_t idle_cycles;
  int64_t last_byte;  // -1 for none
  uint64_t sent, received, cycles, quiet;
};

End exchange(Instance &instance, const Streams &streams, Exchange &x) {
  Model &model = *instance.made;
  model.set(streams.tx_ready, 1);
  while (x.cycles < x.max_cycles) {
    if (x.received == x.receive_length) return BUFFER_FULL;
    const bool offered = x.sent < x.send_length;
    model.set(streams.rx_valid, offered);
    if (offered) model.set(streams.rx_data, x.send[x.sent]);
    instance.edge(false);
    const bool taken = offered && model.get(streams.rx_ready);
    const bool given = model.get(streams.tx_valid);
    const uint8_t byte = model.get(streams.tx_data);
    instance.edge(true);
    ++x.cycles;
    x.sent += taken;
    x.quiet = taken || given ? 0 : x.quiet + 1;
    if (given) x.receive[x.received++] = byte;
    if (x.sent == x.send_length && given && byte == x.last_byte) return LAST_BYTE;
    if (x.sent == x.send_length && x.quiet >= x.idle_cycles) return IDLE;
  }
  return OUT_OF_CYCLES;
}

thread_local sigjmp_buf *way_out = nullptr;
void (*inherited)(int) = SIG_DFL;

// Another library of this kind may have been loaded before: its handler knows its own designs.
void on_abort(int signal) {
  if (way_out) siglongjmp(*way_out, 1);
  if (inherited != SIG_DFL && inherited != SIG_IGN) inherited(signal);
}

// Libraries stay loaded, so the handler does too.
const bool handled = [] {
  struct sigaction ours = {}, before = {};
  ours.sa_handler = on_abort;
  ours.sa_flags = SA_NODEFER;
  sigaction(SIGABRT, &ours, &before);
  if (!(before.sa_flags & SA_SIGINFO)) inherited = before.sa_handler;
  return true;
}();

// Works on an instance unless it has failed, and notes why where it fails now. Gives whether it is well.
template <class Work>
bool guarded(Instance &instance, Work work) {
  if (!instance.well()) return false;
  sigjmp_buf here;
  if (sigsetjmp(here, 0)) {
    way_out = nullptr;
    instance.failure = "it called abort(); what it said is on standard error";
    return false;
  }
  way_out = &here;
  try {
    work();
  } catch (const std::exception &error) {
    instance.failure = error.what();
  }
  way_out = nullptr;
  return instance.well();
}

}  // namespace

ENGRAM_API void *engram_new() {
  auto instance = std::make_unique<Instance>();
  guarded(*instance, [&] {
    instance->made.emplace();
    instance->made->clock(false);
    instance->made->eval();
  });
  return instance.release();
}

ENGRAM_API void engram_free(void *object) {
  auto instance = static_cast<Instance *>(object);
  if (instance->well()) delete instance;
}

// Why the instance has failed; empty where it has not.
ENGRAM_API const char *engram_failure(void *instance) { return static_cast<Instance *>(instance)->failure.c_str(); }

ENGRAM_API void engram_set(void *object, uint32_t port, uint64_t value) {
  Instance &instance = *static_cast<Instance *>(object);
  if (instance.well()) instance.made->set(port, value);
}

ENGRAM_API uint64_t engram_get(void *object, uint32_t port) {
  Instance &instance = *static_cast<Instance *>(object);
  return instance.well() ? instance.made->get(port) : 0;
}

ENGRAM_API bool engram_eval(void *object) {
  Instance &instance = *static_cast<Instance *>(object);
  return guarded(instance, [&] { instance.made->eval(); });
}

ENGRAM_API bool engram_ticks(void *object, uint64_t cycles) {
  Instance &instance = *static_cast<Instance *>(object);
  return guarded(instance, [&] {
    for (; cycles; --cycles) {
      instance.edge(false);
      instance.edge(true);
    }
  });
}

ENGRAM_API void engram_record(void *object, const char *path) {
#ifdef ENGRAM_VCD
  Instance &instance = *static_cast<Instance *>(object);
  instance.recording = guarded(instance, [&] { instance.made->record(path); });
#endif
}

ENGRAM_API uint32_t engram_exchange(void *object, const Streams *streams, Exchange *x) {
  Instance &instance = *static_cast<Instance *>(object);
  End end = FAILED;
  guarded(instance, [&] {
    end = exchange(instance, *streams, *x);
    instance.made->set(streams->rx_valid, 0);
    instance.made->set(streams->tx_ready, 0);
  });
  return end;
}
