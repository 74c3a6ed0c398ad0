module memo(clock,clear,settings,gru,hidden,inputs,last_cell,last_class,last_input,last_hidden,start,answer,fresh,store,row_byte,token,walking,fetched,closed,index,which,ready,remembered,signs,recalled,number,verdict);
    
    // Module arguments
    input wire  clock;
    input wire  clear;
    input wire  [51:0] settings;
    input wire  gru;
    input wire  [7:0] hidden;
    input wire  [7:0] inputs;
    input wire  [7:0] last_cell;
    input wire  [7:0] last_class;
    input wire  [3:0] last_input;
    input wire  [3:0] last_hidden;
    input wire  start;
    input wire  answer;
    input wire  fresh;
    input wire  [28:0] store;
    input wire  [31:0] row_byte;
    input wire  [8:0] token;
    input wire  walking;
    input wire  [8:0] fetched;
    input wire  [8:0] closed;
    input wire  [8:0] index;
    input wire  [2:0] which;
    output reg  ready;
    output reg  remembered;
    output reg  [15:0] signs;
    output reg  [8:0] recalled;
    output reg  [31:0] number;
    output reg  [1:0] verdict;
    
    // Stub signals
    reg  scan$clock;
    reg  scan$start;
    reg  scan$answer;
    reg  scan$gru;
    reg  [7:0] scan$last_cell;
    reg  [7:0] scan$last_class;
    reg  [3:0] scan$last_input;
    reg  [3:0] scan$last_hidden;
    reg  scan$room;
    wire  scan$take;
    wire  scan$compare;
    wire  scan$first;
    wire  scan$last;
    wire  [13:0] scan$address;
    wire  [4:0] scan$word;
    wire  [4:0] scan$words;
    wire  [4:0] scan$input_words;
    reg  rows$clock;
    reg  rows$clear;
    reg  rows$write;
    reg  [5:0] rows$lane;
    reg  [5:0] rows$address;
    reg  [7:0] rows$code;
    reg  rows$zero_is_minus;
    reg  [4:0] rows$input_words;
    reg  rows$take;
    reg  [4:0] rows$word;
    reg  [3:0] rows$turn;
    reg  [4:0] rows$words;
    wire  [15:0] rows$signs$0;
    wire  [15:0] rows$signs$1;
    wire  [15:0] rows$present;
    reg  plane$clock;
    reg  plane$load;
    reg  [7:0] plane$octet;
    reg  plane$region;
    reg  [15:0] plane$row;
    reg  [5:0] plane$place;
    reg  [13:0] plane$address;
    wire  [15:0] plane$signs$0;
    wire  [15:0] plane$signs$1;
    reg  disagreement$clock;
    reg  [15:0] disagreement$weights$0;
    reg  [15:0] disagreement$weights$1;
    reg  [15:0] disagreement$rows$0;
    reg  [15:0] disagreement$rows$1;
    reg  [15:0] disagreement$present;
    reg  disagreement$compare;
    reg  disagreement$first;
    reg  disagreement$last;
    wire  [8:0] disagreement$sum;
    wire  disagreement$done;
    reg  entries$clock;
    reg  entries$write;
    reg  [8:0] entries$write_address;
    reg  [20:0] entries$write_data;
    reg  [8:0] entries$address;
    wire  [20:0] entries$data;
    reg  judge$clock;
    reg  judge$done;
    reg  [8:0] judge$sum;
    reg  [8:0] judge$then;
    reg  [11:0] judge$drift;
    reg  [1:0] judge$gate;
    reg  judge$alone;
    reg  [8:0] judge$rows;
    reg  [1:0] judge$denominator;
    reg  judge$throttling;
    reg  [11:0] judge$theta$0;
    reg  [11:0] judge$theta$1;
    reg  [11:0] judge$theta$2;
    reg  [11:0] judge$theta$3;
    wire  judge$judged;
    wire  judge$hit;
    wire  judge$forced;
    wire  [1:0] judge$of_gate;
    wire  [8:0] judge$kept;
    wire  [11:0] judge$kept_drift;
    reg  queue$clock;
    reg  queue$compare;
    reg  queue$last;
    reg  [3:0] queue$turn;
    reg  [15:0] queue$plane$0;
    reg  [15:0] queue$plane$1;
    reg  queue$judged;
    reg  queue$hit;
    reg  queue$valid;
    reg  queue$closing;
    wire  queue$room;
    wire  queue$ready;
    wire  queue$remembered;
    wire  [15:0] queue$signs;
    reg  indices$clock;
    reg  indices$write;
    reg  [8:0] indices$write_address;
    reg  [8:0] indices$write_data;
    reg  [8:0] indices$address;
    wire  [8:0] indices$data;
    reg  tally$clock;
    reg  tally$clear;
    reg  tally$judged;
    reg  tally$hit;
    reg  tally$forced;
    reg  [1:0] tally$gate;
    reg  tally$compare;
    reg  tally$walking;
    reg  tally$waiting;
    reg  [2:0] tally$which;
    wire  [31:0] tally$number;
    reg  judging$clock;
    reg  [8:0] judging$d;
    wire  [8:0] judging$q;
    reg  kept$clock;
    reg  [8:0] kept$d;
    wire  [8:0] kept$q;
    reg  place$clock;
    reg  [8:0] place$d;
    wire  [8:0] place$q;
    reg  placed$clock;
    reg  [8:0] placed$d;
    wire  [8:0] placed$q;
    
    // Local signals
    reg  counts;
    reg  of_x;
    reg  of_h;
    reg  [8:0] count;
    reg  [8:0] onward;
    reg  [20:0] entry;
    
    // Sub module instances
    memo$scan scan(..);
    memo$rows rows(..);
    memo$plane plane(..);
    memo$disagreement disagreement(..);
    memo$entries entries(..);
    memo$judge judge(..);
    memo$queue queue(..);
    memo$indices indices(..);
    memo$tally tally(..);
    memo$judging judging(..);
    memo$kept kept(..);
    memo$place place(..);
    memo$placed placed(..);
    
    // Update code
    always @(*) begin
        judging$clock = clock;
        kept$clock = clock;
        place$clock = clock;
        placed$clock = clock;
        judging$d = judging$q;
        kept$d = kept$q;
        place$d = place$q;
        placed$d = placed$q;
        counts = ~answer;
        scan$clock = clock;
        scan$start = start;
        scan$answer = answer;
        scan$gru = gru;
        scan$last_cell = last_cell;
        scan$last_class = last_class;
        scan$last_input = last_input;
        scan$last_hidden = last_hidden;
        scan$room = queue$room;
        rows$clock = clock;
        rows$clear = clear;
        rows$write = store[(64'h0)+:(1)];
        rows$lane = store[(64'h1)+:(6)];
        rows$address = store[(64'h7)+:(6)];
        rows$code = store[(64'hd)+:(8)];
        rows$zero_is_minus = settings[(64'h3)+:(1)];
        rows$input_words = scan$input_words;
        rows$take = scan$take;
        rows$word = scan$word;
        rows$turn = ((scan$address) & 4'hf);
        rows$words = scan$words;
        plane$clock = clock;
        plane$load = row_byte[(64'h0)+:(1)];
        plane$octet = row_byte[(64'h1)+:(8)];
        plane$region = row_byte[(64'h9)+:(1)];
        plane$row = row_byte[(64'ha)+:(16)];
        plane$place = row_byte[(64'h1a)+:(6)];
        plane$address = scan$address;
        disagreement$clock = clock;
        disagreement$present = rows$present;
        disagreement$compare = scan$compare;
        disagreement$first = scan$first;
        disagreement$last = scan$last;
        disagreement$weights$0 = plane$signs$0;
        disagreement$rows$0 = rows$signs$0;
        queue$plane$0 = plane$signs$0;
        disagreement$weights$1 = plane$signs$1;
        disagreement$rows$1 = rows$signs$1;
        queue$plane$1 = plane$signs$1;
        onward = judging$q;
        if (disagreement$done) begin
            onward = judging$q + 32'h1;
        end
        judging$d = onward;
        if (judge$judged) begin
            kept$d = kept$q + 32'h1;
        end
        if (start) begin
            judging$d = 32'h0;
            kept$d = 32'h0;
        end
        entries$clock = clock;
        entries$address = onward;
        entries$write = judge$judged & counts;
        entries$write_address = kept$q;
        entries$write_data = (((judge$kept_drift) & 21'h1fffff) << 32'h9) | ((judge$kept) & 21'h1fffff);
        entry = entries$data;
        judge$clock = clock;
        judge$done = disagreement$done;
        judge$sum = disagreement$sum;
        judge$then = entry[(32'h0)+:(9)];
        judge$drift = entry[(32'h9)+:(12)];
        judge$gate = ((judging$q) & 2'h3);
        judge$alone = fresh | answer;
        of_x = gru & ((judging$q & 32'h3) == ((32'h2) & 9'h1ff));
        of_h = gru & ((judging$q & 32'h3) == ((32'h3) & 9'h1ff));
        count = ((32'h0) & 9'h1ff);
        if (~of_x) begin
            count = ((hidden) & 9'h1ff);
        end
        judge$rows = count;
        if (~of_h) begin
            judge$rows = count + ((inputs) & 9'h1ff);
        end
        judge$denominator = settings[(64'h0)+:(2)];
        judge$throttling = settings[(64'h2)+:(1)];
        judge$theta$0 = settings[(64'h4)+:(12)];
        judge$theta$1 = settings[(64'h10)+:(12)];
        judge$theta$2 = settings[(64'h1c)+:(12)];
        judge$theta$3 = settings[(64'h28)+:(12)];
        queue$clock = clock;
        queue$compare = scan$compare;
        queue$last = scan$last;
        queue$turn = ((scan$address) & 4'hf);
        queue$judged = judge$judged;
        queue$hit = judge$hit;
        queue$valid = token[(64'h0)+:(1)];
        queue$closing = token[(64'h4)+:(1)];
        indices$clock = clock;
        indices$address = place$q;
        if (fetched[(64'h0)+:(1)] & fetched[(64'h4)+:(1)] & ~fetched[(64'h5)+:(1)]) begin
            place$d = place$q + 32'h1;
        end
        if (start) begin
            place$d = 32'h0;
        end
        placed$d = place$q;
        indices$write = closed[(64'h0)+:(1)] & closed[(64'h4)+:(1)] & closed[(64'h2)+:(1)] & ~closed[(64'h5)+:(1)];
        indices$write_address = placed$q;
        indices$write_data = index;
        recalled = index;
        if (closed[(64'h4)+:(1)] & ~closed[(64'h2)+:(1)]) begin
            recalled = indices$data;
        end
        tally$clock = clock;
        tally$clear = clear;
        tally$judged = judge$judged & counts;
        tally$hit = judge$hit;
        tally$forced = judge$forced;
        tally$gate = judge$of_gate;
        tally$compare = scan$compare & counts;
        tally$walking = walking & counts;
        tally$waiting = walking & ~queue$ready & counts;
        tally$which = which;
        verdict = 32'h0;
        if (judge$judged & counts) begin
            verdict = 32'h1;
            if (judge$hit) begin
                verdict = 32'h2;
            end
            if (judge$forced) begin
                verdict = 32'h3;
            end
        end
        ready = queue$ready;
        remembered = queue$remembered;
        signs = queue$signs;
        number = tally$number;
    end
    
endmodule
