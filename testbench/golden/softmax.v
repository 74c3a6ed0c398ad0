module softmax(clock,total,shift,centre,exponential_valid,hop_begin,align,index,exponential,aligned,reciprocal);
    
    // Module arguments
    input wire  clock;
    input wire  [21:0] total;
    input wire  [3:0] shift;
    input wire  [7:0] centre;
    input wire  exponential_valid;
    input wire  hop_begin;
    input wire  align;
    output reg  [9:0] index;
    output reg  [14:0] exponential;
    output reg  aligned;
    output reg  [14:0] reciprocal;
    
    // Stub signals
    reg  score$clock;
    reg  [21:0] score$sum;
    reg  [3:0] score$shift;
    reg  [7:0] score$centre;
    wire  [9:0] score$index;
    reg  exponentials$clock;
    reg  [9:0] exponentials$address;
    wire  [14:0] exponentials$data;
    reg  sum$clock;
    reg  [20:0] sum$d;
    wire  [20:0] sum$q;
    reg  reciprocals$clock;
    reg  [8:0] reciprocals$address;
    wire  [14:0] reciprocals$data;
    
    // Sub module instances
    softmax$score score(..);
    softmax$exponentials exponentials(..);
    softmax$sum sum(..);
    softmax$reciprocals reciprocals(..);
    
    // Update code
    always @(*) begin
        score$clock = clock;
        score$sum = total;
        score$shift = shift;
        score$centre = centre;
        exponentials$clock = clock;
        exponentials$address = score$index;
        sum$clock = clock;
        sum$d = sum$q;
        if (exponential_valid) begin
            sum$d = sum$q + ((exponentials$data) & 21'h1fffff);
        end
        if (hop_begin) begin
            sum$d = 32'h0;
        end
        aligned = sum$q[32'h14];
        if (align & ~aligned) begin
            sum$d = sum$q << 32'h1;
        end
        reciprocals$clock = clock;
        reciprocals$address = sum$q[(32'hb)+:(9)];
        index = score$index;
        exponential = exponentials$data;
        reciprocal = reciprocals$data;
    end
    
endmodule
