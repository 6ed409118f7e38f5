import CaDiCaLBackend
import Verification
import Z3Backend

extension Solvers {
  /// CaDiCaL, then Z3 in a child process, then CaDiCaL for as long as there is time.
  /// - Parameter onProgress: called about every 100 ms of a query to Z3 with the seconds since its
  ///   start.
  public static func standard(onProgress: ((_ elapsed: Double) -> Void)? = nil) -> Solvers {
    Solvers(
      sat: CaDiCaL(), smt: Z3(onProgress: onProgress),
      patientSAT: CaDiCaL(conflicts: 5_000_000, nodes: 1_000_000))
  }
}
