module weight_memory(clock,row,fold,write,write_even,write_odd,even,odd);
    
    // Module arguments
    input wire  clock;
    input wire  [9:0] row;
    input wire  [1:0] fold;
    input wire  write;
    input wire  [7:0] write_even;
    input wire  [7:0] write_odd;
    output reg  [7:0] even;
    output reg  [7:0] odd;
    
    // Update code (custom)
    reg [15:0] cells [0:511];
    wire [8:0] address = row * 2 + fold;
    always @(posedge clock) begin
       if (write) cells[address] <= {write_odd, write_even};
       else {odd, even} <= cells[address];
    end
endmodule
