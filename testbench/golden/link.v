module link(clock,rx_data,rx_valid,tx_ready,decision,busy,rx_ready,tx_data,tx_valid,request,start,clear);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    input wire  [47:0] decision;
    input wire  busy;
    output reg  rx_ready;
    output reg  [7:0] tx_data;
    output reg  tx_valid;
    output reg  [40:0] request;
    output reg  start;
    output reg  clear;
    
    // Stub signals
    reg  receiver$clock;
    reg  [7:0] receiver$data;
    reg  receiver$valid;
    reg  receiver$finished;
    reg  [6:0] receiver$address;
    wire  receiver$ready;
    wire  receiver$waiting;
    wire  receiver$intact;
    wire  [6:0] receiver$length;
    wire  [7:0] receiver$content;
    reg  handler$clock;
    reg  handler$waiting;
    reg  handler$intact;
    reg  [6:0] handler$length;
    reg  [7:0] handler$content;
    reg  handler$sending;
    reg  handler$busy;
    reg  [47:0] handler$decision;
    wire  [6:0] handler$address;
    wire  handler$finished;
    wire  handler$write;
    wire  [6:0] handler$write_address;
    wire  [7:0] handler$write_data;
    wire  handler$send;
    wire  [6:0] handler$reply_first;
    wire  [6:0] handler$reply_last;
    wire  [40:0] handler$request;
    wire  handler$start;
    wire  handler$clear;
    reg  sender$clock;
    reg  sender$write;
    reg  [6:0] sender$write_address;
    reg  [7:0] sender$write_data;
    reg  sender$start;
    reg  [6:0] sender$first;
    reg  [6:0] sender$last;
    reg  sender$ready;
    wire  sender$busy;
    wire  [7:0] sender$data;
    wire  sender$valid;
    
    // Sub module instances
    link$receiver receiver(
        .clock(receiver$clock),
        .data(receiver$data),
        .valid(receiver$valid),
        .finished(receiver$finished),
        .address(receiver$address),
        .ready(receiver$ready),
        .waiting(receiver$waiting),
        .intact(receiver$intact),
        .length(receiver$length),
        .content(receiver$content)
    );
    link$handler handler(
        .clock(handler$clock),
        .waiting(handler$waiting),
        .intact(handler$intact),
        .length(handler$length),
        .content(handler$content),
        .sending(handler$sending),
        .busy(handler$busy),
        .decision(handler$decision),
        .address(handler$address),
        .finished(handler$finished),
        .write(handler$write),
        .write_address(handler$write_address),
        .write_data(handler$write_data),
        .send(handler$send),
        .reply_first(handler$reply_first),
        .reply_last(handler$reply_last),
        .request(handler$request),
        .start(handler$start),
        .clear(handler$clear)
    );
    link$sender sender(
        .clock(sender$clock),
        .write(sender$write),
        .write_address(sender$write_address),
        .write_data(sender$write_data),
        .start(sender$start),
        .first(sender$first),
        .last(sender$last),
        .ready(sender$ready),
        .busy(sender$busy),
        .data(sender$data),
        .valid(sender$valid)
    );
    
    // Update code
    always @(*) begin
        receiver$clock = clock;
        receiver$data = rx_data;
        receiver$valid = rx_valid;
        rx_ready = receiver$ready;
        receiver$finished = handler$finished;
        receiver$address = handler$address;
        handler$clock = clock;
        handler$waiting = receiver$waiting;
        handler$intact = receiver$intact;
        handler$length = receiver$length;
        handler$content = receiver$content;
        handler$sending = sender$busy;
        handler$busy = busy;
        handler$decision = decision;
        request = handler$request;
        start = handler$start;
        clear = handler$clear;
        sender$clock = clock;
        sender$write = handler$write;
        sender$write_address = handler$write_address;
        sender$write_data = handler$write_data;
        sender$start = handler$send;
        sender$first = handler$reply_first;
        sender$last = handler$reply_last;
        sender$ready = tx_ready;
        tx_data = sender$data;
        tx_valid = sender$valid;
    end
    
endmodule
