// csinv selects all ones on a carry.
    .text
    .globl satadd32u
    .type satadd32u, %function
satadd32u:
    adds    w0, w0, w1
    csinv   w0, w0, wzr, cc
    ret
    .size satadd32u, .-satadd32u
