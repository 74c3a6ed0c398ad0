module cell_output(clock,gru,state,tanh,shown,bits,code,readout);
    
    // Module arguments
    input wire  clock;
    input wire  gru;
    input wire  [15:0] state;
    input wire  [11:0] tanh;
    input wire  [10:0] shown;
    input wire  [3:0] bits;
    output reg  [7:0] code;
    output reg  [7:0] readout;
    
    // Update code (custom)
    reg signed [22:0] hidden = 0;
    reg signed [29:0] coarse = 0;
    reg signed [29:0] fine = 0;
    reg negative = 0;
    reg one_bit = 1;
    wire signed [11:0] factor = $signed({1'b0, shown});
    wire signed [22:0] product = $signed(tanh) * factor;
    wire signed [22:0] whole = $signed({state[15], state, 6'b0});
    wire signed [29:0] wide = {{7{hidden[22]}}, hidden};
    wire [3:0] steps = bits == 0 ? 4'd0 : bits > 8 ? 4'd7 : bits - 4'd1;
    wire [7:0] coarse_floor = coarse[27:20];
    wire [7:0] fine_floor = fine[27:20];
    wire coarse_up = coarse[19] & (coarse[20] | (|coarse[18:0]));
    wire fine_up = fine[19] & (fine[20] | (|fine[18:0]));
    initial {code, readout} = 0;
    always @(posedge clock) begin
       hidden <= gru ? whole : product;
       coarse <= (wide <<< steps) - wide;
       fine <= (wide <<< 7) - wide;
       negative <= hidden[22];
       one_bit <= steps == 0;
       code <= one_bit ? (negative ? 8'hff : 8'h01) : coarse_floor + {7'b0, coarse_up};
       readout <= fine_floor + {7'b0, fine_up};
    end
endmodule
