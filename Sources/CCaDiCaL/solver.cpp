#include "CCaDiCaL.h"

#include <cadical.hpp>
#include <cstdio>
#include <memory>

struct cadical {
  CaDiCaL::Solver solver;
  cadical_trace trace;
  void *context;
  // What the solver writes its trace to.
  FILE *file = nullptr;

  static ssize_t write(void *cookie, const char *bytes, size_t count) {
    auto own = static_cast<cadical *>(cookie);
    own->trace(own->context, reinterpret_cast<const uint8_t *>(bytes), count);
    return static_cast<ssize_t>(count);
  }
};

namespace {

struct Ending : CaDiCaL::Terminator {
  cadical_ends ends;
  void *context;

  bool terminate() override { return ends(context) != 0; }
};

}  // namespace

const char *cadical_signature(void) { return CaDiCaL::Solver::signature(); }

cadical *cadical_init(cadical_trace trace, void *context) {
  std::unique_ptr<cadical> own(new (std::nothrow) cadical);
  if (!own) return nullptr;
  own->trace = trace;
  own->context = context;
  own->file = fopencookie(own.get(), "wb", {nullptr, cadical::write, nullptr, nullptr});
  if (!own->file) return nullptr;
  // It writes remarks to standard output otherwise.
  own->solver.set("quiet", 1);
  // Going back only as far as needed finds proofs about comparisons and sums later, if at all.
  own->solver.set("chrono", 0);
  own->solver.trace_proof(own->file, "trace");
  return own.release();
}

void cadical_release(cadical *own) {
  own->solver.close_proof_trace();
  fclose(own->file);
  delete own;
}

void cadical_add(cadical *own, int literal) { own->solver.add(literal); }

void cadical_assume(cadical *own, int literal) { own->solver.assume(literal); }

int cadical_solve(cadical *own, int conflicts, cadical_ends ends, void *context) {
  Ending ending;
  ending.ends = ends;
  ending.context = context;
  own->solver.limit("conflicts", conflicts);
  own->solver.connect_terminator(&ending);
  int answer = own->solver.solve();
  own->solver.disconnect_terminator();
  own->solver.flush_proof_trace();
  return answer;
}

int cadical_val(cadical *own, int variable) { return own->solver.val(variable); }
