module cell_update(clock,gru,take,gate,value,state,tanh,shown,updated,done,index,candidate,found);
    
    // Module arguments
    input wire  clock;
    input wire  gru;
    input wire  take;
    input wire  [1:0] gate;
    input wire  [11:0] value;
    input wire  [15:0] state;
    input wire  [11:0] tanh;
    output reg  [10:0] shown;
    output reg  [15:0] updated;
    output reg  done;
    output reg  [8:0] index;
    output reg  [11:0] candidate;
    output reg  found;
    
    // Update code (custom)
    reg signed [11:0] first = 0;
    reg signed [11:0] second = 0;
    reg signed [11:0] third = 0;
    reg signed [27:0] kept = 0;
    reg signed [23:0] taken = 0;
    reg signed [23:0] taken_before = 0;
    reg signed [28:0] sum = 0;
    reg signed [23:0] place = 0;
    reg signed [11:0] update_before = 0;
    reg signed [11:0] update = 0;
    reg signed [15:0] held = 0;
    reg signed [16:0] difference = 0;
    reg signed [11:0] added = 0;
    reg over = 0;
    reg [7:0] under_way = 0;
    wire signed [11:0] kept_share = gru ? update : second;
    wire signed [15:0] kept_of = gru ? difference[15:0] : held;
    wire signed [11:0] taken_share = gru ? second : first;
    wire signed [11:0] taken_of = gru ? {shown[10], shown} : third;
    wire signed [11:0] above = update - 12'd256;
    wire [28:0] of_candidate = over ? {above[11], above, 16'b0} : {{3{added[11]}}, added, 14'b0};
    wire [28:0] more = gru ? of_candidate : {{4{taken_before[23]}}, taken_before, 1'b0};
    wire signed [18:0] floor = sum[28:10];
    wire up = sum[9] & (sum[10] | (|sum[8:0]));
    wire signed [18:0] rounded = floor + $signed({18'b0, up});
    wire [23:0] exact = gru ? place : {{4{updated[15]}}, updated, 4'b0};
    wire signed [13:0] coarse = exact[23:10];
    wire coarse_up = exact[9] & (exact[10] | (|exact[8:0]));
    wire signed [13:0] rounded_place = coarse + $signed({13'b0, coarse_up});
    initial shown = 0;
    initial {updated, done, candidate, found} = 0;
    initial index = 0;
    always @(posedge clock) begin
       kept <= kept_share * kept_of;
       taken <= taken_share * taken_of;
       taken_before <= taken;
       over <= difference[16:15] == 2'b01;
       sum <= kept + $signed(more);
       place <= taken + $signed({third, 10'b0});
       difference <= held - $signed({tanh, 4'b0});
       added <= candidate;
       candidate <= tanh;
       found <= gru & under_way[4];
       updated <= rounded > 32767 ? 16'h7fff : rounded < -32768 ? 16'h8000 : rounded[15:0];
       index <= rounded_place > 255 ? 9'd511 : rounded_place < -256 ? 9'd0 : {~rounded_place[8], rounded_place[7:0]};
       under_way <= {under_way[6:0], take & (gate == 3)};
       done <= gru ? under_way[7] : under_way[3];
       if (under_way[0]) held <= state;
       if (under_way[2]) update <= update_before;
       if (take) case (gate)
          0: first <= value;
          1: second <= value;
          2: third <= value;
          default: begin
             shown <= value[10:0];
             update_before <= first;
          end
       endcase
    end
endmodule
