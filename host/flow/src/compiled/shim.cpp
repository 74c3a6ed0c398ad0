// The C interface of a compiled design. What precedes defines `struct Model`: set, get, clock, eval, and with
// ENGRAM_VCD, record and dump.

#include <cstdint>
#include <memory>

#define ENGRAM_API extern "C" __attribute__((visibility("default")))

namespace {

struct Instance {
  Model model;
  uint64_t half_cycles = 0;
  bool recording = false;

  void edge(bool level) {
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

enum End : uint32_t { LAST_BYTE, IDLE, OUT_OF_CYCLES, BUFFER_FULL };

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
  Model &model = instance.model;
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

}  // namespace

ENGRAM_API void *engram_new() {
  auto instance = std::make_unique<Instance>();
  instance->model.clock(false);
  instance->model.eval();
  return instance.release();
}

ENGRAM_API void engram_free(void *instance) { delete static_cast<Instance *>(instance); }

ENGRAM_API void engram_set(void *instance, uint32_t port, uint64_t value) {
  static_cast<Instance *>(instance)->model.set(port, value);
}

ENGRAM_API uint64_t engram_get(void *instance, uint32_t port) {
  return static_cast<Instance *>(instance)->model.get(port);
}

ENGRAM_API void engram_eval(void *instance) { static_cast<Instance *>(instance)->model.eval(); }

ENGRAM_API void engram_ticks(void *instance, uint64_t cycles) {
  for (; cycles; --cycles) {
    static_cast<Instance *>(instance)->edge(false);
    static_cast<Instance *>(instance)->edge(true);
  }
}

ENGRAM_API void engram_record(void *instance, const char *path) {
#ifdef ENGRAM_VCD
  static_cast<Instance *>(instance)->model.record(path);
  static_cast<Instance *>(instance)->recording = true;
#endif
}

ENGRAM_API uint32_t engram_exchange(void *instance, const Streams *streams, Exchange *x) {
  const End end = exchange(*static_cast<Instance *>(instance), *streams, *x);
  static_cast<Instance *>(instance)->model.set(streams->rx_valid, 0);
  static_cast<Instance *>(instance)->model.set(streams->tx_ready, 0);
  return end;
}
