module scan(clock,start,answer,gru,last_cell,last_class,last_input,last_hidden,room,take,compare,first,last,address,word,words,input_words);
    
    // Module arguments
    input wire  clock;
    input wire  start;
    input wire  answer;
    input wire  gru;
    input wire  [7:0] last_cell;
    input wire  [7:0] last_class;
    input wire  [3:0] last_input;
    input wire  [3:0] last_hidden;
    input wire  room;
    output reg  take;
    output reg  compare;
    output reg  first;
    output reg  last;
    output reg  [13:0] address;
    output reg  [4:0] word;
    output reg  [4:0] words;
    output reg  [4:0] input_words;
    
    // Update code (custom)
    reg [1:0] begins = 0;
    reg scanning = 0;
    reg classes = 0;
    reg [9:0] column = 0;
    reg [4:0] at = 0;
    reg [13:0] base = 0;
    reg [13:0] place = 0;
    reg [13:0] class_base = 0;
    wire [4:0] of_inputs = {1'b0, last_input} + 5'd1;
    wire [4:0] of_hidden = {1'b0, last_hidden} + 5'd1;
    wire of_x = gru & ~classes & (column[1:0] == 2);
    wire of_h = gru & ~classes & (column[1:0] == 3);
    wire [4:0] all = of_inputs + of_hidden;
    wire [4:0] length = classes | of_h ? of_hidden : of_x ? of_inputs : all;
    wire [5:0] onward = {1'b0, at} + 6'd2;
    wire ends = onward >= {1'b0, length};
    wire go = scanning & (at != 0 | room);
    wire [13:0] next_base = base + length;
    wire [9:0] last_column = classes ? {2'b0, last_class} : {last_cell, 2'b11};
    always @(*) begin
       take = begins[1];
       compare = go;
       first = at == 0;
       last = ends;
       address = place;
       word = of_h ? at + of_inputs : at;
       words = of_h ? all : length;
       input_words = of_inputs;
    end
    always @(posedge clock) begin
       begins <= {begins[0], start};
       if (go) begin
          if (ends) begin
             at <= 0;
             base <= next_base;
             place <= next_base;
             column <= column + 10'd1;
             if (column == last_column) begin
                scanning <= 0;
                place <= 0;
                if (!classes) class_base <= next_base;
             end
          end else begin
             at <= onward[4:0];
             place <= place + 14'd2;
          end
       end
       if (begins[1]) scanning <= 1;
       if (start) begin
          classes <= answer;
          column <= 0;
          at <= 0;
          base <= answer ? class_base : 14'd0;
          place <= answer ? class_base : 14'd0;
       end
    end
endmodule
