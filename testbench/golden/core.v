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
    reg  link$clock;
    reg  [7:0] link$rx_data;
    reg  link$rx_valid;
    reg  link$tx_ready;
    reg  [47:0] link$ruling;
    reg  link$busy;
    wire  link$rx_ready;
    wire  [7:0] link$tx_data;
    wire  link$tx_valid;
    wire  [40:0] link$request;
    wire  link$start;
    wire  link$clear;
    reg  orders$clock;
    reg  [40:0] orders$request;
    reg  [6:0] orders$sentences;
    reg  [15:0] orders$forgotten;
    reg  [7:0] orders$answer;
    reg  [21:0] orders$logit;
    reg  [3:0] orders$asked;
    wire  [47:0] orders$ruling;
    wire  [28:0] orders$settings;
    wire  [3:0] orders$score;
    wire  [7:0] orders$centre;
    wire  [3:0] orders$align;
    wire  [35:0] orders$load;
    wire  orders$question;
    wire  [3:0] orders$last_position;
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
    
    // Sub module instances
    core$link link(
        .clock(link$clock),
        .rx_data(link$rx_data),
        .rx_valid(link$rx_valid),
        .tx_ready(link$tx_ready),
        .ruling(link$ruling),
        .busy(link$busy),
        .rx_ready(link$rx_ready),
        .tx_data(link$tx_data),
        .tx_valid(link$tx_valid),
        .request(link$request),
        .start(link$start),
        .clear(link$clear)
    );
    core$orders orders(
        .clock(orders$clock),
        .request(orders$request),
        .sentences(orders$sentences),
        .forgotten(orders$forgotten),
        .answer(orders$answer),
        .logit(orders$logit),
        .asked(orders$asked),
        .ruling(orders$ruling),
        .settings(orders$settings),
        .score(orders$score),
        .centre(orders$centre),
        .align(orders$align),
        .load(orders$load),
        .question(orders$question),
        .last_position(orders$last_position)
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
    
    // Update code
    always @(*) begin
        link$clock = clock;
        link$rx_data = rx_data;
        link$rx_valid = rx_valid;
        rx_ready = link$rx_ready;
        tx_data = link$tx_data;
        tx_valid = link$tx_valid;
        link$tx_ready = tx_ready;
        link$ruling = orders$ruling;
        link$busy = column$busy;
        loaded = link$request[(64'h20)+:(1)];
        orders$clock = clock;
        orders$request = link$request;
        orders$sentences = column$sentences;
        orders$forgotten = column$forgotten;
        orders$answer = column$answer;
        orders$logit = column$logit;
        orders$asked = column$position;
        column$clock = clock;
        column$settings = orders$settings;
        column$score = orders$score;
        column$centre = orders$centre;
        column$align = orders$align;
        column$load = orders$load;
        column$start = link$start;
        column$question = orders$question;
        column$last_position = orders$last_position;
        column$word = link$request[(64'hf)+:(8)];
        column$clear = link$clear;
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
