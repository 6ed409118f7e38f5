# One of two objects that are joined, both with a local function called `twice`.
  .text
  .type twice, @function
twice:
  ret
  .size twice, 1
