// A design for the compiled simulation: byte streams, 64-bit ports, names with a dollar, initial values, a memory.
//
// Each byte received is sent back, with the bytes received so far added to it, three cycles later.
module streams(
  input wire clock,
  input wire [7:0] rx_data, input wire rx_valid, output wire rx_ready,
  output reg [7:0] tx_data, output reg tx_valid, input wire tx_ready,
  input wire [63:0] wide$in, output wire [63:0] wide$out, output reg [15:0] acc$0, output wire [2:0] narrow
);
  reg [7:0] count; reg [1:0] wait$; reg busy;
  reg [15:0] table$[0:255];
  integer i;
  initial begin
    tx_data = 8'd0; tx_valid = 1'b0; acc$0 = 16'd41; count = 8'd0; wait$ = 2'd0; busy = 1'b0;
    for (i = 0; i < 256; i = i + 1) table$[i] = i * i;
  end
  streams$rotate rotate (.x(wide$in), .y(wide$out));
  assign rx_ready = !busy;
  assign narrow = rx_data[2:0];
  always @(posedge clock) begin
    if (tx_valid && tx_ready) begin tx_valid <= 1'b0; busy <= 1'b0; end
    if (busy && !tx_valid) begin
      wait$ <= wait$ + 2'd1;
      if (wait$ == 2'd2) begin tx_valid <= 1'b1; wait$ <= 2'd0; end
    end
    if (rx_valid && rx_ready) begin
      busy <= 1'b1; tx_data <= rx_data + count; count <= count + 8'd1; acc$0 <= acc$0 + table$[rx_data];
    end
  end
endmodule

module streams$rotate(input wire [63:0] x, output wire [63:0] y);
  assign y = {x[62:0], x[63]};
endmodule
