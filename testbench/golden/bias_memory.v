module bias_memory(clock,address,write,write_data,data);
    
    // Module arguments
    input wire  clock;
    input wire  [9:0] address;
    input wire  write;
    input wire  [23:0] write_data;
    output reg  [23:0] data;
    
    // Update code (custom)
    reg [23:0] cells [0:63];
    always @(posedge clock) begin
       if (write) cells[address[5:0]] <= write_data;
       else data <= cells[address[5:0]];
    end
endmodule
