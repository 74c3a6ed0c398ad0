module core(clock,rx_data,rx_valid,tx_ready,rx_ready,tx_data,tx_valid,loaded,tap_store,tap_target,tap_fold,tap_read,tap_score_valid,tap_score,tap_exponential_valid,tap_exponential,tap_logit_valid,tap_logit);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    output reg  rx_ready;
    output reg  [7:0] tx_data;
    output reg  tx_valid;
    output reg  loaded;
    output reg  tap_store;
    output reg  [1:0] tap_target;
    output reg  [1:0] tap_fold;
    output reg  tap_read;
    output reg  tap_score_valid;
    output reg  [9:0] tap_score;
    output reg  tap_exponential_valid;
    output reg  [14:0] tap_exponential;
    output reg  tap_logit_valid;
    output reg  [21:0] tap_logit;
    
    // Enums
    localparam Target$MemoryA = 0;
    localparam Target$MemoryC = 1;
    localparam Target$Question = 2;
    localparam Target$State = 3;
    
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
    reg  executor$clock;
    reg  executor$waiting;
    reg  executor$intact;
    reg  [6:0] executor$length;
    reg  [7:0] executor$content;
    reg  executor$sending;
    reg  executor$busy;
    reg  [3:0] executor$position;
    reg  [6:0] executor$sentences;
    reg  [15:0] executor$forgotten;
    reg  [7:0] executor$answer;
    reg  [21:0] executor$logit;
    wire  [6:0] executor$address;
    wire  executor$finished;
    wire  executor$write;
    wire  [6:0] executor$write_address;
    wire  [7:0] executor$write_data;
    wire  executor$send;
    wire  [6:0] executor$reply_first;
    wire  [6:0] executor$reply_last;
    wire  executor$start;
    wire  executor$question;
    wire  [3:0] executor$last_position;
    wire  executor$clear;
    wire  [35:0] executor$load;
    wire  [28:0] executor$settings;
    wire  [3:0] executor$score;
    wire  [7:0] executor$centre;
    wire  [3:0] executor$align;
    wire  executor$loaded;
    reg  column$clock;
    reg  [28:0] column$settings;
    reg  [3:0] column$score;
    reg  [7:0] column$centre;
    reg  [3:0] column$align;
    reg  column$start;
    reg  column$question;
    reg  [3:0] column$last_position;
    reg  [7:0] column$word;
    reg  column$clear;
    reg  [35:0] column$load;
    wire  column$busy;
    wire  column$done;
    wire  [3:0] column$position;
    wire  [6:0] column$sentences;
    wire  [15:0] column$forgotten;
    wire  [7:0] column$answer;
    wire  [21:0] column$logit;
    wire  column$tap_store;
    wire  [1:0] column$tap_target;
    wire  [1:0] column$tap_fold;
    wire  column$tap_read;
    wire  column$tap_score_valid;
    wire  [9:0] column$tap_score;
    wire  column$tap_exponential_valid;
    wire  [14:0] column$tap_exponential;
    wire  column$tap_logit_valid;
    wire  [21:0] column$tap_logit;
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
    core$receiver receiver(
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
    core$executor executor(
        .clock(executor$clock),
        .waiting(executor$waiting),
        .intact(executor$intact),
        .length(executor$length),
        .content(executor$content),
        .sending(executor$sending),
        .busy(executor$busy),
        .position(executor$position),
        .sentences(executor$sentences),
        .forgotten(executor$forgotten),
        .answer(executor$answer),
        .logit(executor$logit),
        .address(executor$address),
        .finished(executor$finished),
        .write(executor$write),
        .write_address(executor$write_address),
        .write_data(executor$write_data),
        .send(executor$send),
        .reply_first(executor$reply_first),
        .reply_last(executor$reply_last),
        .start(executor$start),
        .question(executor$question),
        .last_position(executor$last_position),
        .clear(executor$clear),
        .load(executor$load),
        .settings(executor$settings),
        .score(executor$score),
        .centre(executor$centre),
        .align(executor$align),
        .loaded(executor$loaded)
    );
    core$column column(
        .clock(column$clock),
        .settings(column$settings),
        .score(column$score),
        .centre(column$centre),
        .align(column$align),
        .start(column$start),
        .question(column$question),
        .last_position(column$last_position),
        .word(column$word),
        .clear(column$clear),
        .load(column$load),
        .busy(column$busy),
        .done(column$done),
        .position(column$position),
        .sentences(column$sentences),
        .forgotten(column$forgotten),
        .answer(column$answer),
        .logit(column$logit),
        .tap_store(column$tap_store),
        .tap_target(column$tap_target),
        .tap_fold(column$tap_fold),
        .tap_read(column$tap_read),
        .tap_score_valid(column$tap_score_valid),
        .tap_score(column$tap_score),
        .tap_exponential_valid(column$tap_exponential_valid),
        .tap_exponential(column$tap_exponential),
        .tap_logit_valid(column$tap_logit_valid),
        .tap_logit(column$tap_logit)
    );
    core$sender sender(
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
        receiver$finished = executor$finished;
        receiver$address = executor$address;
        executor$clock = clock;
        executor$waiting = receiver$waiting;
        executor$intact = receiver$intact;
        executor$length = receiver$length;
        executor$content = receiver$content;
        executor$sending = sender$busy;
        executor$busy = column$busy;
        executor$position = column$position;
        executor$sentences = column$sentences;
        executor$forgotten = column$forgotten;
        executor$answer = column$answer;
        executor$logit = column$logit;
        column$clock = clock;
        column$settings = executor$settings;
        column$score = executor$score;
        column$centre = executor$centre;
        column$align = executor$align;
        column$start = executor$start;
        column$question = executor$question;
        column$last_position = executor$last_position;
        column$word = receiver$content;
        column$clear = executor$clear;
        column$load = executor$load;
        sender$clock = clock;
        sender$write = executor$write;
        sender$write_address = executor$write_address;
        sender$write_data = executor$write_data;
        sender$start = executor$send;
        sender$first = executor$reply_first;
        sender$last = executor$reply_last;
        sender$ready = tx_ready;
        tx_data = sender$data;
        tx_valid = sender$valid;
        loaded = executor$loaded;
        tap_store = column$tap_store;
        tap_target = column$tap_target;
        tap_fold = column$tap_fold;
        tap_read = column$tap_read;
        tap_score_valid = column$tap_score_valid;
        tap_score = column$tap_score;
        tap_exponential_valid = column$tap_exponential_valid;
        tap_exponential = column$tap_exponential;
        tap_logit_valid = column$tap_logit_valid;
        tap_logit = column$tap_logit;
    end
    
endmodule
