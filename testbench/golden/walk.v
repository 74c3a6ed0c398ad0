module walk(clock,start,answer,gru,fresh,last_cell,last_class,last_input,last_hidden,last_within,ready,remembered,operation,hidden,chunk,address,busy);
    
    // Module arguments
    input wire  clock;
    input wire  start;
    input wire  answer;
    input wire  gru;
    input wire  fresh;
    input wire  [7:0] last_cell;
    input wire  [7:0] last_class;
    input wire  [3:0] last_input;
    input wire  [3:0] last_hidden;
    input wire  [4:0] last_within;
    input wire  ready;
    input wire  remembered;
    output reg  [8:0] operation;
    output reg  hidden;
    output reg  [3:0] chunk;
    output reg  [13:0] address;
    output reg  busy;
    
    // Stub signals
    reg  walking$clock;
    reg  walking$d;
    wire  walking$q;
    reg  classes$clock;
    reg  classes$d;
    wire  classes$q;
    reg  unit$clock;
    reg  [7:0] unit$d;
    wire  [7:0] unit$q;
    reg  gate$clock;
    reg  [1:0] gate$d;
    wire  [1:0] gate$q;
    reg  opened$clock;
    reg  opened$d;
    wire  opened$q;
    reg  of_hidden$clock;
    reg  of_hidden$d;
    wire  of_hidden$q;
    reg  place$clock;
    reg  [3:0] place$d;
    wire  [3:0] place$q;
    reg  within$clock;
    reg  [4:0] within$d;
    wire  [4:0] within$q;
    reg  crossing$clock;
    reg  [4:0] crossing$d;
    wire  [4:0] crossing$q;
    reg  weights$clock;
    reg  [13:0] weights$d;
    wire  [13:0] weights$q;
    reg  base$clock;
    reg  [13:0] base$d;
    wire  [13:0] base$q;
    
    // Local signals
    reg  [8:0] word;
    reg  moves;
    reg  [13:0] words_of_x;
    reg  [13:0] words_of_h;
    reg  [13:0] words;
    reg  of_x;
    reg  of_h;
    reg  crosses;
    reg  [4:0] ahead;
    reg  column_ends;
    reg  tile_ends;
    reg  [7:0] last_unit;
    reg  [13:0] onward;
    
    // Sub module instances
    walk$walking walking(..);
    walk$classes classes(..);
    walk$unit unit(..);
    walk$gate gate(..);
    walk$opened opened(..);
    walk$of_hidden of_hidden(..);
    walk$place place(..);
    walk$within within(..);
    walk$crossing crossing(..);
    walk$weights weights(..);
    walk$base base(..);
    
    // Update code
    always @(*) begin
        walking$clock = clock;
        classes$clock = clock;
        unit$clock = clock;
        gate$clock = clock;
        opened$clock = clock;
        of_hidden$clock = clock;
        place$clock = clock;
        within$clock = clock;
        crossing$clock = clock;
        weights$clock = clock;
        base$clock = clock;
        walking$d = walking$q;
        classes$d = classes$q;
        unit$d = unit$q;
        gate$d = gate$q;
        opened$d = opened$q;
        of_hidden$d = of_hidden$q;
        place$d = place$q;
        within$d = within$q;
        crossing$d = crossing$q;
        weights$d = weights$q;
        base$d = base$q;
        moves = walking$q & ready;
        of_x = gru & ~classes$q & (gate$q == ((32'h2) & 2'h3));
        of_h = gru & ~classes$q & (gate$q == ((32'h3) & 2'h3));
        crosses = ~of_hidden$q & (place$q == last_input);
        column_ends = remembered | (of_hidden$q & (place$q == last_hidden)) | (of_x & crosses);
        tile_ends = column_ends | ((within$q == last_within) & ~classes$q);
        ahead = within$q + 32'h1;
        if (within$q == last_within) begin
            ahead = ((32'h0) & 5'h1f);
        end
        last_unit = last_cell;
        if (classes$q) begin
            last_unit = last_class;
        end
        words_of_x = ((last_input) & 14'h3fff) + 32'h1;
        words_of_h = ((last_hidden) & 14'h3fff) + 32'h1;
        words = words_of_x + words_of_h;
        if (of_x) begin
            words = words_of_x;
        end
        if (of_h) begin
            words = words_of_h;
        end
        onward = weights$q + 32'h1;
        if (remembered) begin
            onward = weights$q + words;
        end
        word[(64'h0)+:(1)] = moves;
        word[(64'h1)+:(1)] = (within$q == ((32'h0) & 5'h1f)) | (of_h & (place$q == ((32'h0) & 4'hf)));
        word[(64'h2)+:(1)] = tile_ends & ~remembered;
        word[(64'h3)+:(1)] = ~opened$q;
        word[(64'h4)+:(1)] = column_ends;
        word[(64'h5)+:(1)] = classes$q;
        word[(64'h6)+:(2)] = gate$q;
        word[(64'h8)+:(1)] = remembered | (of_hidden$q & fresh);
        if (moves) begin
            weights$d = onward;
            place$d = place$q + 32'h1;
            within$d = within$q + 32'h1;
            if (tile_ends) begin
                within$d = 32'h0;
                opened$d = 1'b1;
            end
            if (crosses & ~remembered) begin
                place$d = 32'h0;
                of_hidden$d = 1'b1;
                crossing$d = ahead;
            end
            if (column_ends) begin
                place$d = 32'h0;
                of_hidden$d = classes$q | of_x;
                if (of_x) begin
                    within$d = crossing$q;
                end
                opened$d = 1'b0;
                gate$d = gate$q + 32'h1;
                if (classes$q | (gate$q == ((32'h3) & 2'h3))) begin
                    gate$d = 32'h0;
                    unit$d = unit$q + 32'h1;
                    if (unit$q == last_unit) begin
                        walking$d = 1'b0;
                        weights$d = 32'h0;
                        if (~classes$q) begin
                            base$d = onward;
                        end
                    end
                end
            end
        end
        if (start) begin
            walking$d = 1'b1;
            classes$d = answer;
            unit$d = 32'h0;
            gate$d = 32'h0;
            opened$d = 1'b0;
            of_hidden$d = answer;
            place$d = 32'h0;
            within$d = 32'h0;
            weights$d = 32'h0;
            if (answer) begin
                weights$d = base$q;
            end
        end
        operation = word;
        hidden = of_hidden$q;
        chunk = place$q;
        address = weights$q;
        busy = walking$q;
    end
    
endmodule
