module link(clock,rx_data,rx_valid,tx_ready,ruling,busy,rx_ready,tx_data,tx_valid,request,start,clear);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    input wire  [47:0] ruling;
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
    reg  requests$clock;
    reg  requests$waiting;
    reg  requests$intact;
    reg  [6:0] requests$length;
    reg  [7:0] requests$content;
    reg  requests$sending;
    reg  requests$busy;
    reg  [47:0] requests$ruling;
    wire  [6:0] requests$address;
    wire  requests$finished;
    wire  requests$write;
    wire  [6:0] requests$write_address;
    wire  [7:0] requests$write_data;
    wire  requests$send;
    wire  [6:0] requests$reply_first;
    wire  [6:0] requests$reply_last;
    wire  [40:0] requests$request;
    wire  requests$start;
    wire  requests$clear;
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
    link$requests requests(
        .clock(requests$clock),
        .waiting(requests$waiting),
        .intact(requests$intact),
        .length(requests$length),
        .content(requests$content),
        .sending(requests$sending),
        .busy(requests$busy),
        .ruling(requests$ruling),
        .address(requests$address),
        .finished(requests$finished),
        .write(requests$write),
        .write_address(requests$write_address),
        .write_data(requests$write_data),
        .send(requests$send),
        .reply_first(requests$reply_first),
        .reply_last(requests$reply_last),
        .request(requests$request),
        .start(requests$start),
        .clear(requests$clear)
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
        receiver$finished = requests$finished;
        receiver$address = requests$address;
        requests$clock = clock;
        requests$waiting = receiver$waiting;
        requests$intact = receiver$intact;
        requests$length = receiver$length;
        requests$content = receiver$content;
        requests$sending = sender$busy;
        requests$busy = busy;
        requests$ruling = ruling;
        request = requests$request;
        start = requests$start;
        clear = requests$clear;
        sender$clock = clock;
        sender$write = requests$write;
        sender$write_address = requests$write_address;
        sender$write_data = requests$write_data;
        sender$start = requests$send;
        sender$first = requests$reply_first;
        sender$last = requests$reply_last;
        sender$ready = tx_ready;
        tx_data = sender$data;
        tx_valid = sender$valid;
    end
    
endmodule
