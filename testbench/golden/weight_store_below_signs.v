module weight_store_below_signs(clock,address,write,bank,unit,weights$0,weights$1,weights$2,weights$3);
    
    // Module arguments
    input wire  clock;
    input wire  [13:0] address;
    input wire  write;
    input wire  [4:0] bank;
    input wire  [15:0] unit;
    output reg  [7:0] weights$0;
    output reg  [7:0] weights$1;
    output reg  [7:0] weights$2;
    output reg  [7:0] weights$3;
    
    // Update code (custom)
    wire [7:0] place = address[7:0];
    `ifndef SYNTHESIS
    always @(posedge clock) if (1'b1 & (address >= 256)) begin
       $display("weight store of 256 words is addressed at %0d", address);
       $stop;
    end
    `endif
    reg [11:0] bank0 [0:255];
    reg [11:0] word0;
    always @(posedge clock) begin
       if (write) begin
          if (bank == 0) bank0[place] <= {unit[14:12], unit[10:8], unit[6:4], unit[2:0]};
       end else word0 <= bank0[place];
    end
    always @(*) weights$0 = word0[2:0];
    always @(*) weights$1 = word0[5:3];
    always @(*) weights$2 = word0[8:6];
    always @(*) weights$3 = word0[11:9];
endmodule
