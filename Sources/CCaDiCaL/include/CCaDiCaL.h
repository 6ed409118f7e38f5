/// CaDiCaL with its trace of learned clauses, which its own C interface leaves out.
///
/// Literals are numbers of variables from 1 on, negative where they are complemented, as in DIMACS.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cadical;

/// What is called, from the thread that solves, with bytes of the trace: clauses in the binary form of DRAT.
typedef void (*cadical_trace)(void *context, const uint8_t *bytes, size_t count);

/// Whether to give up: not 0 if so.
typedef int (*cadical_ends)(void *context);

/// The name and version.
const char *cadical_signature(void);

/// A solver without clauses; NULL where no memory is left for it. `context` is used until cadical_release.
struct cadical *cadical_init(cadical_trace trace, void *context);
void cadical_release(struct cadical *);

/// Adds a literal to the clause that is being added; 0 ends it.
void cadical_add(struct cadical *, int literal);

/// Assumes a literal for the next call of cadical_solve.
void cadical_assume(struct cadical *, int literal);

/// 10 for satisfiable, 20 for unsatisfiable, 0 if it gave up. All of the trace was handed over before it returns.
int cadical_solve(struct cadical *, int conflicts, cadical_ends ends, void *context);

/// The value of a variable in the model: the variable or its complement.
int cadical_val(struct cadical *, int variable);

#ifdef __cplusplus
}
#endif
