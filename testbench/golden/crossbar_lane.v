module crossbar_lane(clock,write,write_address,code,readout,address,select,weight,product);
    
    // Module arguments
    input wire  clock;
    input wire  write;
    input wire  [5:0] write_address;
    input wire  [7:0] code;
    input wire  [7:0] readout;
    input wire  [5:0] address;
    input wire  [1:0] select;
    input wire  [7:0] weight;
    output reg  [15:0] product;
    
    // Stub signals
    reg  rows$clock;
    reg  rows$write;
    reg  [5:0] rows$write_address;
    reg  [15:0] rows$write_data;
    reg  [5:0] rows$address;
    wire  [15:0] rows$data;
    reg  multiplier$clock;
    reg  [1:0] multiplier$select;
    reg  [15:0] multiplier$row;
    reg  [7:0] multiplier$weight;
    wire  [15:0] multiplier$product;
    
    // Sub module instances
    crossbar_lane$rows rows(..);
    crossbar_lane$multiplier multiplier(..);
    
    // Update code
    always @(*) begin
        rows$clock = clock;
        rows$write = write;
        rows$write_address = write_address;
        rows$write_data = (((readout) & 16'hffff) << 32'h8) | ((code) & 16'hffff);
        rows$address = address;
        multiplier$clock = clock;
        multiplier$select = select;
        multiplier$row = rows$data;
        multiplier$weight = weight;
        product = multiplier$product;
    end
    
endmodule
