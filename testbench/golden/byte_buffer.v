module byte_buffer(clock,write,write_address,write_data,address,data);
    
    // Module arguments
    input wire  clock;
    input wire  write;
    input wire  [8:0] write_address;
    input wire  [7:0] write_data;
    input wire  [8:0] address;
    output reg  [7:0] data;
    
    // Update code (custom)
    (* no_rw_check *) reg [7:0] cells [0:511];
    always @(posedge clock) begin
       data <= cells[address];
       if (write) cells[write_address] <= write_data;
    end
endmodule
