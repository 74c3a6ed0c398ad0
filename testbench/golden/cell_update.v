module cell_update(clock,take,gate,value,state,shown,updated,done,index);
    
    // Module arguments
    input wire  clock;
    input wire  take;
    input wire  [1:0] gate;
    input wire  [11:0] value;
    input wire  [15:0] state;
    output reg  [10:0] shown;
    output reg  [15:0] updated;
    output reg  done;
    output reg  [8:0] index;
    
    // Update code (custom)
    reg signed [11:0] input_gate = 0;
    reg signed [11:0] forget = 0;
    reg signed [11:0] candidate = 0;
    reg signed [27:0] kept = 0;
    reg signed [23:0] taken = 0;
    reg signed [28:0] sum = 0;
    reg [2:0] under_way = 0;
    wire signed [18:0] floor = sum[28:10];
    wire up = sum[9] & (sum[10] | (|sum[8:0]));
    wire signed [18:0] rounded = floor + $signed({18'b0, up});
    wire signed [9:0] coarse = updated[15:6];
    wire coarse_up = updated[5] & (updated[6] | (|updated[4:0]));
    wire signed [10:0] place = {coarse[9], coarse} + {10'b0, coarse_up};
    initial shown = 0;
    initial {updated, done} = 0;
    initial index = 0;
    always @(posedge clock) begin
       kept <= forget * $signed(state);
       taken <= input_gate * candidate;
       sum <= kept + $signed({taken, 1'b0});
       updated <= rounded > 32767 ? 16'h7fff : rounded < -32768 ? 16'h8000 : rounded[15:0];
       index <= place > 255 ? 9'd511 : place < -256 ? 9'd0 : {~place[8], place[7:0]};
       {done, under_way} <= {under_way, take & (gate == 3)};
       if (take) case (gate)
          0: input_gate <= value;
          1: forget <= value;
          2: candidate <= value;
          default: shown <= value[10:0];
       endcase
    end
endmodule
