module exponential_table(clock,address,data);
    
    // Module arguments
    input wire  clock;
    input wire  [9:0] address;
    output reg  [14:0] data;
    
    // Update code (custom)
    (* rom_style = "block" *) reg [14:0] cells [0:1023];
    initial begin
       // 1024 entries; CRC-32 of them, 16 bits each: 1984934337
    end
    always @(posedge clock) data <= cells[address];
endmodule
