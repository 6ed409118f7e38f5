// What an embedder needs besides this module's own functions: code, contracts, terms and verdicts.
@_exported import ConstrainedDecoding
@_exported import Contracts
@_exported import MachineModel
@_exported import Terms
@_exported import Verification
@_exported import Z3Backend
