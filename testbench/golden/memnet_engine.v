module memnet_engine(clock,settings,score,centre,align,start,question,last_position,word,clear,load,busy,done,position,sentences,forgotten,answer,logit,tap_store,tap_target,tap_fold,tap_read,tap_score_valid,tap_score,tap_exponential_valid,tap_exponential,tap_logit_valid,tap_logit);
    
    // Module arguments
    input wire  clock;
    input wire  [28:0] settings;
    input wire  [3:0] score;
    input wire  [7:0] centre;
    input wire  [3:0] align;
    input wire  start;
    input wire  question;
    input wire  [3:0] last_position;
    input wire  [7:0] word;
    input wire  clear;
    input wire  [35:0] load;
    output reg  busy;
    output reg  done;
    output reg  [3:0] position;
    output reg  [6:0] sentences;
    output reg  [15:0] forgotten;
    output reg  [7:0] answer;
    output reg  [21:0] logit;
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
    reg  sequencer$clock;
    reg  [28:0] sequencer$settings;
    reg  sequencer$start;
    reg  sequencer$question;
    reg  [3:0] sequencer$last_position;
    reg  [7:0] sequencer$word;
    reg  sequencer$clear;
    reg  sequencer$load;
    reg  [9:0] sequencer$load_row;
    reg  [1:0] sequencer$load_fold;
    reg  sequencer$aligned;
    wire  sequencer$busy;
    wire  sequencer$done;
    wire  [3:0] sequencer$position;
    wire  [6:0] sequencer$sentences;
    wire  [15:0] sequencer$forgotten;
    wire  [46:0] sequencer$memory;
    wire  [11:0] sequencer$control;
    wire  [5:0] sequencer$read_age;
    wire  sequencer$recall;
    wire  [5:0] sequencer$gather_lane;
    wire  [1:0] sequencer$broadcast_select;
    wire  sequencer$opening;
    wire  sequencer$score_valid;
    wire  sequencer$exponential_valid;
    wire  sequencer$logit_valid;
    wire  sequencer$question_begin;
    wire  sequencer$hop_begin;
    wire  sequencer$align;
    wire  sequencer$store;
    wire  [1:0] sequencer$target;
    wire  [1:0] sequencer$target_fold;
    wire  sequencer$read_valid;
    reg  pairs$0$clock;
    reg  [11:0] pairs$0$control;
    reg  [46:0] pairs$0$memory;
    reg  [15:0] pairs$0$broadcast;
    reg  pairs$0$load_weights;
    reg  pairs$0$load_age_a;
    reg  pairs$0$load_age_c;
    reg  [7:0] pairs$0$load_even;
    reg  [7:0] pairs$0$load_odd;
    wire  [15:0] pairs$0$term_even;
    wire  [15:0] pairs$0$term_odd;
    wire  [7:0] pairs$0$state_even;
    wire  [7:0] pairs$0$state_odd;
    wire  [7:0] pairs$0$code_even;
    wire  [7:0] pairs$0$code_odd;
    wire  [7:0] pairs$0$read_even;
    wire  [7:0] pairs$0$read_odd;
    reg  pairs$1$clock;
    reg  [11:0] pairs$1$control;
    reg  [46:0] pairs$1$memory;
    reg  [15:0] pairs$1$broadcast;
    reg  pairs$1$load_weights;
    reg  pairs$1$load_age_a;
    reg  pairs$1$load_age_c;
    reg  [7:0] pairs$1$load_even;
    reg  [7:0] pairs$1$load_odd;
    wire  [15:0] pairs$1$term_even;
    wire  [15:0] pairs$1$term_odd;
    wire  [7:0] pairs$1$state_even;
    wire  [7:0] pairs$1$state_odd;
    wire  [7:0] pairs$1$code_even;
    wire  [7:0] pairs$1$code_odd;
    wire  [7:0] pairs$1$read_even;
    wire  [7:0] pairs$1$read_odd;
    reg  tree$clock;
    reg  [15:0] tree$terms$0;
    reg  [15:0] tree$terms$1;
    reg  [15:0] tree$terms$2;
    reg  [15:0] tree$terms$3;
    wire  [21:0] tree$sum;
    reg  total$clock;
    reg  [21:0] total$d;
    wire  [21:0] total$q;
    reg  softmax$clock;
    reg  [21:0] softmax$total;
    reg  [3:0] softmax$shift;
    reg  [7:0] softmax$centre;
    reg  softmax$exponential_valid;
    reg  softmax$hop_begin;
    reg  softmax$align;
    wire  [9:0] softmax$index;
    wire  [14:0] softmax$exponential;
    wire  softmax$aligned;
    wire  [14:0] softmax$reciprocal;
    reg  maximum$clock;
    reg  maximum$clear;
    reg  maximum$valid;
    reg  [21:0] maximum$logit;
    wire  [7:0] maximum$word;
    wire  [21:0] maximum$best;
    reg  [7:0] gather$states$0;
    reg  [7:0] gather$states$1;
    reg  [7:0] gather$states$2;
    reg  [7:0] gather$states$3;
    reg  [5:0] gather$lane;
    wire  [7:0] gather$state;
    reg  broadcast$clock;
    reg  [1:0] broadcast$select;
    reg  [7:0] broadcast$state;
    reg  broadcast$exponential_valid;
    reg  [14:0] broadcast$exponential;
    reg  broadcast$recall;
    reg  [14:0] broadcast$recalled;
    reg  [14:0] broadcast$reciprocal;
    reg  [3:0] broadcast$align;
    wire  [15:0] broadcast$number;
    reg  exponentials$clock;
    reg  [5:0] exponentials$age;
    reg  exponentials$write;
    reg  [14:0] exponentials$exponential;
    wire  [14:0] exponentials$recalled;
    reg  loads$clock;
    reg  [35:0] loads$d;
    wire  [35:0] loads$q;
    
    // Local signals
    reg  [3:0] align_step;
    
    // Sub module instances
    memnet_engine$sequencer sequencer(
        .clock(sequencer$clock),
        .settings(sequencer$settings),
        .start(sequencer$start),
        .question(sequencer$question),
        .last_position(sequencer$last_position),
        .word(sequencer$word),
        .clear(sequencer$clear),
        .load(sequencer$load),
        .load_row(sequencer$load_row),
        .load_fold(sequencer$load_fold),
        .aligned(sequencer$aligned),
        .busy(sequencer$busy),
        .done(sequencer$done),
        .position(sequencer$position),
        .sentences(sequencer$sentences),
        .forgotten(sequencer$forgotten),
        .memory(sequencer$memory),
        .control(sequencer$control),
        .read_age(sequencer$read_age),
        .recall(sequencer$recall),
        .gather_lane(sequencer$gather_lane),
        .broadcast_select(sequencer$broadcast_select),
        .opening(sequencer$opening),
        .score_valid(sequencer$score_valid),
        .exponential_valid(sequencer$exponential_valid),
        .logit_valid(sequencer$logit_valid),
        .question_begin(sequencer$question_begin),
        .hop_begin(sequencer$hop_begin),
        .align(sequencer$align),
        .store(sequencer$store),
        .target(sequencer$target),
        .target_fold(sequencer$target_fold),
        .read_valid(sequencer$read_valid)
    );
    memnet_engine$pairs$0 pairs$0(
        .clock(pairs$0$clock),
        .control(pairs$0$control),
        .memory(pairs$0$memory),
        .broadcast(pairs$0$broadcast),
        .load_weights(pairs$0$load_weights),
        .load_age_a(pairs$0$load_age_a),
        .load_age_c(pairs$0$load_age_c),
        .load_even(pairs$0$load_even),
        .load_odd(pairs$0$load_odd),
        .term_even(pairs$0$term_even),
        .term_odd(pairs$0$term_odd),
        .state_even(pairs$0$state_even),
        .state_odd(pairs$0$state_odd),
        .code_even(pairs$0$code_even),
        .code_odd(pairs$0$code_odd),
        .read_even(pairs$0$read_even),
        .read_odd(pairs$0$read_odd)
    );
    memnet_engine$pairs$1 pairs$1(
        .clock(pairs$1$clock),
        .control(pairs$1$control),
        .memory(pairs$1$memory),
        .broadcast(pairs$1$broadcast),
        .load_weights(pairs$1$load_weights),
        .load_age_a(pairs$1$load_age_a),
        .load_age_c(pairs$1$load_age_c),
        .load_even(pairs$1$load_even),
        .load_odd(pairs$1$load_odd),
        .term_even(pairs$1$term_even),
        .term_odd(pairs$1$term_odd),
        .state_even(pairs$1$state_even),
        .state_odd(pairs$1$state_odd),
        .code_even(pairs$1$code_even),
        .code_odd(pairs$1$code_odd),
        .read_even(pairs$1$read_even),
        .read_odd(pairs$1$read_odd)
    );
    memnet_engine$tree tree(
        .clock(tree$clock),
        .terms$0(tree$terms$0),
        .terms$1(tree$terms$1),
        .terms$2(tree$terms$2),
        .terms$3(tree$terms$3),
        .sum(tree$sum)
    );
    memnet_engine$total total(
        .clock(total$clock),
        .d(total$d),
        .q(total$q)
    );
    memnet_engine$softmax softmax(
        .clock(softmax$clock),
        .total(softmax$total),
        .shift(softmax$shift),
        .centre(softmax$centre),
        .exponential_valid(softmax$exponential_valid),
        .hop_begin(softmax$hop_begin),
        .align(softmax$align),
        .index(softmax$index),
        .exponential(softmax$exponential),
        .aligned(softmax$aligned),
        .reciprocal(softmax$reciprocal)
    );
    memnet_engine$maximum maximum(
        .clock(maximum$clock),
        .clear(maximum$clear),
        .valid(maximum$valid),
        .logit(maximum$logit),
        .word(maximum$word),
        .best(maximum$best)
    );
    memnet_engine$gather gather(
        .states$0(gather$states$0),
        .states$1(gather$states$1),
        .states$2(gather$states$2),
        .states$3(gather$states$3),
        .lane(gather$lane),
        .state(gather$state)
    );
    memnet_engine$broadcast broadcast(
        .clock(broadcast$clock),
        .select(broadcast$select),
        .state(broadcast$state),
        .exponential_valid(broadcast$exponential_valid),
        .exponential(broadcast$exponential),
        .recall(broadcast$recall),
        .recalled(broadcast$recalled),
        .reciprocal(broadcast$reciprocal),
        .align(broadcast$align),
        .number(broadcast$number)
    );
    memnet_engine$exponentials exponentials(
        .clock(exponentials$clock),
        .age(exponentials$age),
        .write(exponentials$write),
        .exponential(exponentials$exponential),
        .recalled(exponentials$recalled)
    );
    memnet_engine$loads loads(
        .clock(loads$clock),
        .d(loads$d),
        .q(loads$q)
    );
    
    // Update code
    always @(*) begin
        sequencer$clock = clock;
        sequencer$settings = settings;
        sequencer$start = start;
        sequencer$question = question;
        sequencer$last_position = last_position;
        sequencer$word = word;
        sequencer$clear = clear;
        sequencer$load = load[(64'h0)+:(1)] | load[(64'h1)+:(1)] | load[(64'h2)+:(1)];
        sequencer$load_row = load[(64'h8)+:(10)];
        sequencer$load_fold = load[(64'h12)+:(2)];
        sequencer$aligned = softmax$aligned;
        loads$clock = clock;
        loads$d = load;
        pairs$0$clock = clock;
        pairs$0$control = sequencer$control;
        pairs$0$memory = sequencer$memory;
        pairs$0$broadcast = broadcast$number;
        pairs$0$load_weights = loads$q[(64'h0)+:(1)] & (loads$q[(64'h3)+:(5)] == 0);
        pairs$0$load_age_a = loads$q[(64'h1)+:(1)] & (loads$q[(64'h3)+:(5)] == 0);
        pairs$0$load_age_c = loads$q[(64'h2)+:(1)] & (loads$q[(64'h3)+:(5)] == 0);
        pairs$0$load_even = loads$q[(64'h14)+:(8)];
        pairs$0$load_odd = loads$q[(64'h1c)+:(8)];
        tree$terms$0 = pairs$0$term_even;
        tree$terms$1 = pairs$0$term_odd;
        gather$states$0 = pairs$0$state_even;
        gather$states$1 = pairs$0$state_odd;
        pairs$1$clock = clock;
        pairs$1$control = sequencer$control;
        pairs$1$memory = sequencer$memory;
        pairs$1$broadcast = broadcast$number;
        pairs$1$load_weights = loads$q[(64'h0)+:(1)] & (loads$q[(64'h3)+:(5)] == 1);
        pairs$1$load_age_a = loads$q[(64'h1)+:(1)] & (loads$q[(64'h3)+:(5)] == 1);
        pairs$1$load_age_c = loads$q[(64'h2)+:(1)] & (loads$q[(64'h3)+:(5)] == 1);
        pairs$1$load_even = loads$q[(64'h14)+:(8)];
        pairs$1$load_odd = loads$q[(64'h1c)+:(8)];
        tree$terms$2 = pairs$1$term_even;
        tree$terms$3 = pairs$1$term_odd;
        gather$states$2 = pairs$1$state_even;
        gather$states$3 = pairs$1$state_odd;
        gather$lane = sequencer$gather_lane;
        broadcast$clock = clock;
        broadcast$select = sequencer$broadcast_select;
        broadcast$state = gather$state;
        broadcast$exponential_valid = sequencer$exponential_valid;
        broadcast$exponential = softmax$exponential;
        broadcast$recall = sequencer$recall;
        broadcast$recalled = exponentials$recalled;
        broadcast$reciprocal = softmax$reciprocal;
        align_step = ((32'h0) & 4'hf);
        if (sequencer$control[(64'ha)+:(2)] == ((32'h1) & 2'h3)) begin
            align_step = ((32'hf) & 4'hf);
        end
        if (sequencer$control[(64'ha)+:(2)] == ((32'h2) & 2'h3)) begin
            align_step = ((32'h1) & 4'hf);
        end
        broadcast$align = align + align_step;
        exponentials$clock = clock;
        exponentials$age = sequencer$read_age;
        exponentials$write = sequencer$exponential_valid;
        exponentials$exponential = softmax$exponential;
        tree$clock = clock;
        total$clock = clock;
        total$d = total$q + tree$sum;
        if (sequencer$opening) begin
            total$d = tree$sum;
        end
        softmax$clock = clock;
        softmax$total = total$q;
        softmax$shift = score;
        softmax$centre = centre;
        softmax$exponential_valid = sequencer$exponential_valid;
        softmax$hop_begin = sequencer$hop_begin;
        softmax$align = sequencer$align;
        maximum$clock = clock;
        maximum$clear = sequencer$question_begin;
        maximum$valid = sequencer$logit_valid;
        maximum$logit = total$q;
        busy = sequencer$busy;
        done = sequencer$done;
        position = sequencer$position;
        sentences = sequencer$sentences;
        forgotten = sequencer$forgotten;
        answer = maximum$word;
        logit = maximum$best;
        tap_store = sequencer$store;
        tap_target = sequencer$target;
        tap_fold = sequencer$target_fold;
        tap_read = sequencer$read_valid;
        tap_score_valid = sequencer$score_valid;
        tap_score = softmax$index;
        tap_exponential_valid = sequencer$exponential_valid;
        tap_exponential = softmax$exponential;
        tap_logit_valid = sequencer$logit_valid;
        tap_logit = total$q;
    end
    
endmodule
