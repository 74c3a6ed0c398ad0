module core(clock,rx_data,rx_valid,tx_ready,framing_error,reset,rx_ready,tx_data,tx_valid,loaded,refused,tap_store,tap_target,tap_fold,tap_memory,tap_read,tap_score_valid,tap_score,tap_exponential_valid,tap_exponential,tap_logit_valid,tap_logit);
    
    // Module arguments
    input wire  clock;
    input wire  [7:0] rx_data;
    input wire  rx_valid;
    input wire  tx_ready;
    input wire  framing_error;
    input wire  reset;
    output reg  rx_ready;
    output reg  [7:0] tx_data;
    output reg  tx_valid;
    output reg  loaded;
    output reg  refused;
    output reg  tap_store;
    output reg  [1:0] tap_target;
    output reg  [1:0] tap_fold;
    output reg  [2:0] tap_memory;
    output reg  tap_read;
    output reg  tap_score_valid;
    output reg  [9:0] tap_score;
    output reg  tap_exponential_valid;
    output reg  [14:0] tap_exponential;
    output reg  tap_logit_valid;
    output reg  [21:0] tap_logit;
    
    // Enums
    localparam Target$Memory = 0;
    localparam Target$Question = 1;
    localparam Target$State = 2;
    
    // Stub signals
    reg  link$clock;
    reg  [7:0] link$rx_data;
    reg  link$rx_valid;
    reg  link$tx_ready;
    reg  [49:0] link$decision;
    reg  link$busy;
    reg  link$framing_error;
    reg  link$reset;
    wire  link$rx_ready;
    wire  [7:0] link$tx_data;
    wire  link$tx_valid;
    wire  [41:0] link$request;
    wire  link$start;
    wire  link$clear;
    wire  link$refused;
    reg  decoder$clock;
    reg  [41:0] decoder$request;
    reg  [6:0] decoder$sentences;
    reg  [15:0] decoder$forgotten;
    reg  [7:0] decoder$answer;
    reg  [21:0] decoder$logit;
    reg  [3:0] decoder$asked;
    wire  [49:0] decoder$decision;
    wire  [43:0] decoder$settings;
    wire  [3:0] decoder$score;
    wire  [7:0] decoder$centre;
    wire  [3:0] decoder$align;
    wire  [7:0] decoder$padding;
    wire  [28:0] decoder$load;
    wire  decoder$question;
    wire  [3:0] decoder$last_position;
    reg  engine$clock;
    reg  [43:0] engine$settings;
    reg  [3:0] engine$score;
    reg  [7:0] engine$centre;
    reg  [7:0] engine$padding;
    reg  [3:0] engine$align;
    reg  engine$start;
    reg  engine$question;
    reg  [3:0] engine$last_position;
    reg  [7:0] engine$word;
    reg  engine$clear;
    reg  [28:0] engine$load;
    wire  engine$busy;
    wire  engine$done;
    wire  [3:0] engine$position;
    wire  [6:0] engine$sentences;
    wire  [15:0] engine$forgotten;
    wire  [7:0] engine$answer;
    wire  [21:0] engine$logit;
    wire  engine$tap_store;
    wire  [1:0] engine$tap_target;
    wire  [1:0] engine$tap_fold;
    wire  [2:0] engine$tap_memory;
    wire  engine$tap_read;
    wire  engine$tap_score_valid;
    wire  [9:0] engine$tap_score;
    wire  engine$tap_exponential_valid;
    wire  [14:0] engine$tap_exponential;
    wire  engine$tap_logit_valid;
    wire  [21:0] engine$tap_logit;
    
    // Sub module instances
    core$link link(..);
    core$decoder decoder(..);
    core$engine engine(..);
    
    // Update code
    always @(*) begin
        link$clock = clock;
        link$rx_data = rx_data;
        link$rx_valid = rx_valid;
        rx_ready = link$rx_ready;
        tx_data = link$tx_data;
        tx_valid = link$tx_valid;
        link$tx_ready = tx_ready;
        link$decision = decoder$decision;
        link$busy = engine$busy;
        link$framing_error = framing_error;
        link$reset = reset;
        loaded = link$request[(64'h22)+:(1)];
        refused = link$refused;
        decoder$clock = clock;
        decoder$request = link$request;
        decoder$sentences = engine$sentences;
        decoder$forgotten = engine$forgotten;
        decoder$answer = engine$answer;
        decoder$logit = engine$logit;
        decoder$asked = engine$position;
        engine$clock = clock;
        engine$settings = decoder$settings;
        engine$score = decoder$score;
        engine$centre = decoder$centre;
        engine$padding = decoder$padding;
        engine$align = decoder$align;
        engine$load = decoder$load;
        engine$start = link$start;
        engine$question = decoder$question;
        engine$last_position = decoder$last_position;
        engine$word = link$request[(64'h10)+:(8)];
        engine$clear = link$clear;
        tap_store = engine$tap_store;
        tap_target = engine$tap_target;
        tap_memory = engine$tap_memory;
        tap_fold = engine$tap_fold;
        tap_read = engine$tap_read;
        tap_score_valid = engine$tap_score_valid;
        tap_score = engine$tap_score;
        tap_exponential_valid = engine$tap_exponential_valid;
        tap_exponential = engine$tap_exponential;
        tap_logit_valid = engine$tap_logit_valid;
        tap_logit = engine$tap_logit;
    end
    
endmodule
