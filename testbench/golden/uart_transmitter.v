module uart_transmitter(clock,data,valid,ready,line);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] data;
    input wire  valid;
    output reg  ready;
    output reg  line;
    
    // Constant declarations
    localparam  bit_cycles = 8'hb;
    
    // Stub signals
    reg  timer$clock;
    reg  [7:0] timer$d;
    wire  [7:0] timer$q;
    reg  count$clock;
    reg  [3:0] count$d;
    wire  [3:0] count$q;
    reg  shifter$clock;
    reg  [8:0] shifter$d;
    wire  [8:0] shifter$q;
    
    // Local signals
    reg  [7:0] inverted;
    
    // Sub module instances
    uart_transmitter$timer timer(..);
    uart_transmitter$count count(..);
    uart_transmitter$shifter shifter(..);
    
    // Update code
    always @(*) begin
        timer$clock = clock;
        count$clock = clock;
        shifter$clock = clock;
        timer$d = timer$q;
        count$d = count$q;
        shifter$d = shifter$q;
        ready = count$q == ((32'h0) & 4'hf);
        line = ~shifter$q[32'h0];
        inverted = ~data;
        if (count$q == ((32'h0) & 4'hf)) begin
            timer$d = bit_cycles;
            if (valid) begin
                shifter$d = (((inverted) & 9'h1ff) << 32'h1) | ((32'h1) & 9'h1ff);
                count$d = ((32'ha) & 4'hf);
            end
        end
        else begin
            timer$d = timer$q - 32'h1;
            if (timer$q == ((32'h0) & 8'hff)) begin
                timer$d = bit_cycles;
                count$d = count$q - 32'h1;
                shifter$d = shifter$q >> 32'h1;
            end
        end
    end
    
endmodule
