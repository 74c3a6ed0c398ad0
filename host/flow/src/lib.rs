//! The tool chain from Verilog to bitstream, one module a tool.
