module reciprocal_table(clock,address,data);
    
    // Module arguments
    input wire  clock;
    input wire  [8:0] address;
    output reg  [14:0] data;
    
    // Update code (custom)
    (* rom_style = "block" *) reg [14:0] cells [0:511];
    initial begin
       // 512 entries; CRC-32 of them, 16 bits each: 2762844181
    end
    always @(posedge clock) data <= cells[address];
endmodule
