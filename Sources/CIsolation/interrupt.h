/// SIGINT while children run: counted instead of ending the process.
#pragma once

/// Locks the state of this library; held from before fork until after it, in both processes.
void isolation_lock(void);

/// Unlocks the state of this library.
void isolation_unlock(void);

/// Begins counting interrupts, unless they are ignored, and returns the count so far (lock held).
unsigned isolation_begin_interrupts(void);

/// Undoes one isolation_begin_interrupts; the last restores the action of before (lock held).
void isolation_end_interrupts(void);

/// Forgets, in a new child, what the parent was counting (lock held).
void isolation_forget_interrupts(void);

/// The number of interrupts counted so far.
unsigned isolation_interrupts(void);
