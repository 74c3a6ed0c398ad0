module state_memory(clock,bank,fold,write,write_even,write_odd,even,odd);
    
    // Module arguments
    input wire  clock;
    input wire  bank;
    input wire  [1:0] fold;
    input wire  write;
    input wire  [7:0] write_even;
    input wire  [7:0] write_odd;
    output reg  [7:0] even;
    output reg  [7:0] odd;
    
    // Update code (custom)
    (* ram_style = "block" *) reg [15:0] cells [0:3];
    always @(posedge clock) begin
       {odd, even} <= cells[{bank, fold[0:0]}];
       if (write) cells[{~bank, fold[0:0]}] <= {write_odd, write_even};
    end
endmodule
