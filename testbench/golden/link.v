module link(clock,rx_data,rx_valid,tx_ready,decision,busy,framing_error,reset,rx_ready,tx_data,tx_valid,request,start,clear,refused);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    input wire  [49:0] decision;
    input wire  busy;
    input wire  framing_error;
    input wire  reset;
    output reg  rx_ready;
    output reg  [7:0] tx_data;
    output reg  tx_valid;
    output reg  [41:0] request;
    output reg  start;
    output reg  clear;
    output reg  refused;
    
    // Stub signals
    reg  receiver$clock;
    reg  [7:0] receiver$data;
    reg  receiver$valid;
    reg  [8:0] receiver$first;
    reg  [8:0] receiver$address;
    wire  receiver$ready;
    wire  receiver$waiting;
    wire  [7:0] receiver$content;
    reg  handler$clock;
    reg  handler$waiting;
    reg  [7:0] handler$content;
    reg  handler$sending;
    reg  handler$busy;
    reg  [49:0] handler$decision;
    reg  handler$framing_error;
    reg  handler$reset;
    wire  [8:0] handler$first;
    wire  [8:0] handler$address;
    wire  handler$write;
    wire  [8:0] handler$write_address;
    wire  [7:0] handler$write_data;
    wire  handler$send;
    wire  [2:0] handler$slot;
    wire  [41:0] handler$request;
    wire  handler$start;
    wire  handler$clear;
    wire  handler$refused;
    reg  sender$clock;
    reg  sender$write;
    reg  [8:0] sender$write_address;
    reg  [7:0] sender$write_data;
    reg  sender$start;
    reg  [2:0] sender$slot;
    reg  sender$ready;
    wire  sender$busy;
    wire  [7:0] sender$data;
    wire  sender$valid;
    
    // Sub module instances
    link$receiver receiver(..);
    link$handler handler(..);
    link$sender sender(..);
    
    // Update code
    always @(*) begin
        receiver$clock = clock;
        receiver$data = rx_data;
        receiver$valid = rx_valid;
        rx_ready = receiver$ready;
        receiver$first = handler$first;
        receiver$address = handler$address;
        handler$clock = clock;
        handler$waiting = receiver$waiting;
        handler$content = receiver$content;
        handler$sending = sender$busy;
        handler$busy = busy;
        handler$decision = decision;
        request = handler$request;
        start = handler$start;
        clear = handler$clear;
        handler$framing_error = framing_error;
        handler$reset = reset;
        refused = handler$refused;
        sender$clock = clock;
        sender$write = handler$write;
        sender$write_address = handler$write_address;
        sender$write_data = handler$write_data;
        sender$start = handler$send;
        sender$slot = handler$slot;
        sender$ready = tx_ready;
        tx_data = sender$data;
        tx_valid = sender$valid;
    end
    
endmodule
