module gate_memory(clock,write,gate,value,convert,round,sum,mantissa,noise,shift,scale);
    
    // Module arguments
    input wire  clock;
    input wire  [3:0] write;
    input wire  [1:0] gate;
    input wire  [15:0] value;
    input wire  [1:0] convert;
    input wire  [1:0] round;
    input wire  [1:0] sum;
    output reg  [7:0] mantissa;
    output reg  [15:0] noise;
    output reg  [4:0] shift;
    output reg  [15:0] scale;
    
    // Update code (custom)
    reg [7:0] mantissas [0:3];
    reg [4:0] shifts [0:3];
    reg [15:0] noises [0:3];
    reg [15:0] scales [0:3];
    always @(posedge clock) begin
       mantissa <= mantissas[convert];
       shift <= shifts[round];
       noise <= noises[convert];
       scale <= scales[sum];
       if (write[0]) mantissas[gate] <= value[7:0];
       if (write[1]) shifts[gate] <= value[4:0];
       if (write[2]) noises[gate] <= value;
       if (write[3]) scales[gate] <= value;
    end
endmodule
