import ArgumentParser
import MachineModel

/// The command line's flags; those of machines have the same name.
typealias Flag = ArgumentParser.Flag

/// A flag of a machine.
typealias StatusFlag = MachineModel.Flag
