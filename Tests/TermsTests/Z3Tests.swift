import Testing

/// Tests that use Z3, one after the other: a child forked while another thread is inside Z3 would
/// inherit its locks.
@Suite(.serialized) enum Z3Tests {}
