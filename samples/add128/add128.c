unsigned __int128 add128(unsigned __int128 a, unsigned __int128 b) {
  return a + b;
}
