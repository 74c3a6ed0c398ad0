module lane(clock,control,broadcast,weight,state,slot_a,age_a,slot_c,age_c,term,code,read);
    
    // Module arguments
    input wire  clock;
    input wire  [12:0] control;
    input wire  [15:0] broadcast;
    input wire  [7:0] weight;
    input wire  [7:0] state;
    input wire  [7:0] slot_a;
    input wire  [7:0] age_a;
    input wire  [7:0] slot_c;
    input wire  [7:0] age_c;
    output reg  [15:0] term;
    output reg  [7:0] code;
    output reg  [7:0] read;
    
    // Stub signals
    reg  aged_a$clock;
    reg  [7:0] aged_a$slot;
    reg  [7:0] aged_a$age;
    reg  [1:0] aged_a$scale;
    wire  [7:0] aged_a$sum;
    reg  aged_c$clock;
    reg  [7:0] aged_c$slot;
    reg  [7:0] aged_c$age;
    reg  [1:0] aged_c$scale;
    wire  [7:0] aged_c$sum;
    reg  similarity$clock;
    reg  [7:0] similarity$state;
    reg  [7:0] similarity$slot;
    wire  [15:0] similarity$similarity;
    reg  multiplier$clock;
    reg  [1:0] multiplier$x_select;
    reg  [1:0] multiplier$y_select;
    reg  [15:0] multiplier$broadcast;
    reg  [7:0] multiplier$state;
    reg  [7:0] multiplier$weight;
    reg  multiplier$position_load;
    reg  [7:0] multiplier$slot;
    reg  [15:0] multiplier$normalised;
    reg  [7:0] multiplier$read;
    wire  [31:0] multiplier$product;
    reg  sum$clock;
    reg  [31:0] sum$product;
    reg  sum$clear;
    reg  sum$add;
    reg  sum$shift;
    wire  [15:0] sum$normalised;
    wire  [7:0] sum$code;
    reg  quotient$clock;
    reg  [31:0] quotient$product;
    reg  quotient$load;
    wire  [7:0] quotient$read;
    
    // Local signals
    reg  [31:0] sum_product;
    
    // Sub module instances
    lane$aged_a aged_a(..);
    lane$aged_c aged_c(..);
    lane$similarity similarity(..);
    lane$multiplier multiplier(..);
    lane$sum sum(..);
    lane$quotient quotient(..);
    
    // Update code
    always @(*) begin
        aged_a$clock = clock;
        aged_a$slot = slot_a;
        aged_a$age = age_a;
        aged_a$scale = control[(64'ha)+:(2)];
        aged_c$clock = clock;
        aged_c$slot = slot_c;
        aged_c$age = age_c;
        aged_c$scale = ((32'h0) & 2'h3);
        similarity$clock = clock;
        similarity$state = state;
        similarity$slot = aged_a$sum;
        if (control[(64'hc)+:(1)]) begin
            similarity$slot = aged_c$sum;
        end
        multiplier$clock = clock;
        multiplier$x_select = control[(64'h0)+:(2)];
        multiplier$y_select = control[(64'h2)+:(2)];
        multiplier$broadcast = broadcast;
        multiplier$state = state;
        multiplier$weight = weight;
        multiplier$position_load = control[(64'h4)+:(1)];
        multiplier$slot = aged_c$sum;
        if (control[(64'hc)+:(1)]) begin
            multiplier$slot = aged_a$sum;
        end
        multiplier$normalised = sum$normalised;
        multiplier$read = quotient$read;
        sum_product = multiplier$product;
        sum$clock = clock;
        sum$product = sum_product;
        sum$clear = control[(64'h5)+:(1)];
        sum$add = control[(64'h6)+:(1)];
        sum$shift = control[(64'h7)+:(1)];
        quotient$clock = clock;
        quotient$product = multiplier$product;
        quotient$load = control[(64'h8)+:(1)];
        term = similarity$similarity;
        if (control[(64'h9)+:(1)]) begin
            term = ((multiplier$product) & 16'hffff);
        end
        code = sum$code;
        read = quotient$read;
    end
    
endmodule
