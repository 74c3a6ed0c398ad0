module uart_receiver(clock,line,data,valid,framing_error);
    
    // Module arguments
    input wire  clock;
    input wire  line;
    output reg  [7:0] data;
    output reg  valid;
    output reg  framing_error;
    
    // Constant declarations
    localparam  bit_cycles = 8'hb;
    localparam  half_cycles = 8'h5;
    
    // Stub signals
    reg  meta$clock;
    reg  meta$d;
    wire  meta$q;
    reg  stable$clock;
    reg  stable$d;
    wire  stable$q;
    reg  before$clock;
    reg  before$d;
    wire  before$q;
    reg  earlier$clock;
    reg  earlier$d;
    wire  earlier$q;
    reg  busy$clock;
    reg  busy$d;
    wire  busy$q;
    reg  timer$clock;
    reg  [7:0] timer$d;
    wire  [7:0] timer$q;
    reg  count$clock;
    reg  [3:0] count$d;
    wire  [3:0] count$q;
    reg  shifter$clock;
    reg  [7:0] shifter$d;
    wire  [7:0] shifter$q;
    
    // Local signals
    reg  sample;
    reg  level;
    
    // Sub module instances
    uart_receiver$meta meta(..);
    uart_receiver$stable stable(..);
    uart_receiver$before before(..);
    uart_receiver$earlier earlier(..);
    uart_receiver$busy busy(..);
    uart_receiver$timer timer(..);
    uart_receiver$count count(..);
    uart_receiver$shifter shifter(..);
    
    // Update code
    always @(*) begin
        meta$clock = clock;
        stable$clock = clock;
        before$clock = clock;
        earlier$clock = clock;
        busy$clock = clock;
        timer$clock = clock;
        count$clock = clock;
        shifter$clock = clock;
        meta$d = meta$q;
        stable$d = stable$q;
        before$d = before$q;
        earlier$d = earlier$q;
        busy$d = busy$q;
        timer$d = timer$q;
        count$d = count$q;
        shifter$d = shifter$q;
        meta$d = ~line;
        stable$d = meta$q;
        before$d = stable$q;
        earlier$d = before$q;
        level = ~((stable$q & before$q) | (earlier$q & (stable$q | before$q)));
        valid = 1'b0;
        framing_error = 1'b0;
        data = shifter$q;
        sample = timer$q == ((32'h0) & 8'hff);
        if (busy$q) begin
            timer$d = timer$q - 32'h1;
            if (sample) begin
                timer$d = bit_cycles;
                count$d = count$q + 32'h1;
                shifter$d = shifter$q >> 32'h1;
                if (level) begin
                    shifter$d = (shifter$q >> 32'h1) | ((32'h80) & 8'hff);
                end
                if (count$q == ((32'h0) & 4'hf)) begin
                    busy$d = ~level;
                end
                if (count$q == ((32'h9) & 4'hf)) begin
                    valid = level;
                    framing_error = ~level;
                    busy$d = 1'b0;
                    shifter$d = shifter$q;
                end
            end
        end
        else begin
            timer$d = half_cycles;
            count$d = 32'h0;
            busy$d = ~level;
        end
    end
    
endmodule
