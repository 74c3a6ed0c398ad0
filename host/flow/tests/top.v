// A small design with the ports of the hardware's top module and two levels of blocks, in the manner of emitted Verilog.
module engram_top(
  input wire clock, input wire reset, input wire uart_rx, output wire uart_tx, output wire led, output wire led_error
);
  reg [1:0] rx = 2'b11;
  wire [15:0] sum;
  always @(posedge clock) rx <= {rx[0], uart_rx};
  engram_top$lane$0 lane$0 (.clock(clock), .enable(~rx[1]), .sum(sum));
  assign uart_tx = ^sum;
  assign led = sum[15];
  assign led_error = reset;
endmodule

module engram_top$lane$0(input wire clock, input wire enable, output wire [15:0] sum);
  reg signed [7:0] x = 8'd1;
  wire [15:0] square;
  always @(posedge clock) if (enable) x <= x + 8'd3;
  engram_top$lane$0$mac mac (.clock(clock), .x(x), .acc(sum));
endmodule

module engram_top$lane$0$mac(input wire clock, input wire signed [7:0] x, output reg signed [15:0] acc);
  initial acc = 16'd7;
  always @(posedge clock) acc <= acc + x * x;
endmodule
