module sequencer(clock,settings,start,question,last_position,word,clear,load,load_row,load_fold,aligned,busy,done,position,sentences,forgotten,memory,control,read_age,recall,gather_lane,broadcast_select,opening,addressed,score_valid,exponential_valid,logit_valid,question_begin,hop_begin,align,store,target,target_memory,target_fold,read_valid);
    
    // Module arguments
    input wire  clock;
    input wire  [43:0] settings;
    input wire  start;
    input wire  question;
    input wire  [3:0] last_position;
    input wire  [7:0] word;
    input wire  clear;
    input wire  load;
    input wire  [9:0] load_row;
    input wire  [1:0] load_fold;
    input wire  aligned;
    output reg  busy;
    output reg  done;
    output reg  [3:0] position;
    output reg  [6:0] sentences;
    output reg  [15:0] forgotten;
    output reg  [54:0] memory;
    output reg  [12:0] control;
    output reg  [5:0] read_age;
    output reg  recall;
    output reg  [5:0] gather_lane;
    output reg  [1:0] broadcast_select;
    output reg  opening;
    output reg  addressed;
    output reg  score_valid;
    output reg  exponential_valid;
    output reg  logit_valid;
    output reg  question_begin;
    output reg  hop_begin;
    output reg  align;
    output reg  store;
    output reg  [1:0] target;
    output reg  [2:0] target_memory;
    output reg  [1:0] target_fold;
    output reg  read_valid;
    
    // Constant declarations
    localparam  base_0 = 10'b0;
    localparam  base_1 = 10'b11000;
    localparam  base_2 = 10'b110000;
    localparam  base_3 = 10'b1001000;
    localparam  base_4 = 10'b1100000;
    localparam  base_h = 10'b1100000;
    localparam  base_position = 10'b1111000;
    localparam  diagonal = 10'b10000000;
    localparam  final_fold = 2'b1;
    localparam  final_lane = 6'b11;
    localparam  final_element = 8'h7;
    localparam  final_halving = 5'b10000;
    
    // Enums
    localparam Target$Memory = 0;
    localparam Target$Question = 1;
    localparam Target$State = 2;
    localparam Phase$Idle = 0;
    localparam Phase$Position = 1;
    localparam Phase$Word = 2;
    localparam Phase$Settle = 3;
    localparam Phase$Shift = 4;
    localparam Phase$Store = 5;
    localparam Phase$Address = 6;
    localparam Phase$Recall = 7;
    localparam Phase$Attend = 8;
    localparam Phase$Normalise = 9;
    localparam Phase$Controller = 10;
    localparam Phase$Divide = 11;
    localparam Phase$Answer = 12;
    localparam Phase$Finish = 13;
    
    // Stub signals
    reg  phase$clock;
    reg  [3:0] phase$d;
    wire  [3:0] phase$q;
    reg  aim$clock;
    reg  [1:0] aim$d;
    wire  [1:0] aim$q;
    reg  fold$clock;
    reg  [1:0] fold$d;
    wire  [1:0] fold$q;
    reg  hop$clock;
    reg  [3:0] hop$d;
    wire  [3:0] hop$q;
    reg  age$clock;
    reg  [6:0] age$d;
    wire  [6:0] age$q;
    reg  slot$clock;
    reg  [5:0] slot$d;
    wire  [5:0] slot$q;
    reg  counter$clock;
    reg  [7:0] counter$d;
    wire  [7:0] counter$q;
    reg  lane$clock;
    reg  [5:0] lane$d;
    wire  [5:0] lane$q;
    reg  gather_fold$clock;
    reg  [1:0] gather_fold$d;
    wire  [1:0] gather_fold$q;
    reg  count$clock;
    reg  [4:0] count$d;
    wire  [4:0] count$q;
    reg  remaining$clock;
    reg  [3:0] remaining$d;
    wire  [3:0] remaining$q;
    reg  halvings$clock;
    reg  [4:0] halvings$d;
    wire  [4:0] halvings$q;
    reg  bank$clock;
    reg  bank$d;
    wire  bank$q;
    reg  newest$clock;
    reg  [5:0] newest$d;
    wire  [5:0] newest$q;
    reg  stored$clock;
    reg  [6:0] stored$d;
    wire  [6:0] stored$q;
    reg  lost$clock;
    reg  [15:0] lost$d;
    wire  [15:0] lost$q;
    reg  stages$0$clock;
    reg  [21:0] stages$0$d;
    wire  [21:0] stages$0$q;
    reg  stages$1$clock;
    reg  [21:0] stages$1$d;
    wire  [21:0] stages$1$q;
    reg  stages$2$clock;
    reg  [21:0] stages$2$d;
    wire  [21:0] stages$2$q;
    reg  stages$3$clock;
    reg  [21:0] stages$3$d;
    wire  [21:0] stages$3$q;
    reg  stages$4$clock;
    reg  [21:0] stages$4$d;
    wire  [21:0] stages$4$q;
    reg  stages$5$clock;
    reg  [21:0] stages$5$d;
    wire  [21:0] stages$5$q;
    reg  stages$6$clock;
    reg  [21:0] stages$6$d;
    wire  [21:0] stages$6$q;
    reg  stages$7$clock;
    reg  [21:0] stages$7$d;
    wire  [21:0] stages$7$q;
    reg  stages$8$clock;
    reg  [21:0] stages$8$d;
    wire  [21:0] stages$8$q;
    reg  stages$9$clock;
    reg  [21:0] stages$9$d;
    wire  [21:0] stages$9$q;
    reg  reader_age$clock;
    reg  [5:0] reader_age$d;
    wire  [5:0] reader_age$q;
    reg  reader_slot$clock;
    reg  [5:0] reader_slot$d;
    wire  [5:0] reader_slot$q;
    reg  reads$0$clock;
    reg  [2:0] reads$0$d;
    wire  [2:0] reads$0$q;
    reg  reads$1$clock;
    reg  [2:0] reads$1$d;
    wire  [2:0] reads$1$q;
    reg  reads$2$clock;
    reg  [2:0] reads$2$d;
    wire  [2:0] reads$2$q;
    reg  reads$3$clock;
    reg  [2:0] reads$3$d;
    wire  [2:0] reads$3$q;
    reg  reads$4$clock;
    reg  [2:0] reads$4$d;
    wire  [2:0] reads$4$q;
    reg  accesses$clock;
    reg  [54:0] accesses$d;
    wire  [54:0] accesses$q;
    reg  coarse$clock;
    reg  coarse$d;
    wire  coarse$q;
    reg  fine$clock;
    reg  fine$d;
    wire  fine$q;
    reg  verging$clock;
    reg  verging$d;
    wire  verging$q;
    reg  swapped$clock;
    reg  swapped$d;
    wire  swapped$q;
    
    // Local signals
    reg  [9:0] base;
    reg  [9:0] row_base;
    reg  [7:0] row_index;
    reg  [3:0] shift;
    reg  [21:0] operation;
    reg  [2:0] reading;
    reg  [54:0] access;
    reg  [12:0] lanes;
    reg  [5:0] new_slot;
    reg  [3:0] doubled;
    reg  [3:0] embedding;
    reg  [3:0] last_memory;
    reg  [7:0] ring;
    reg  [7:0] mask;
    reg  [7:0] ring_twice;
    reg  swap;
    reg  [7:0] bank_addressed;
    reg  [7:0] bank_read;
    reg  [7:0] slot_place;
    reg  [7:0] age_place;
    reg  [7:0] reader_place;
    reg  [7:0] reader_age_place;
    reg  [1:0] read_fold;
    reg  loading;
    reg  storing;
    reg  [6:0] final_age;
    reg  [7:0] final_word;
    reg  last_slot;
    reg  last_fold;
    reg  leaving;
    reg  last_read;
    reg  [1:0] state_fold;
    reg  write_state;
    reg  [4:0] attended;
    reg  graded;
    reg  [3:0] next_hop;
    reg  [3:0] hop_after;
    reg  [3:0] step;
    
    // Sub module instances
    sequencer$phase phase(..);
    sequencer$aim aim(..);
    sequencer$fold fold(..);
    sequencer$hop hop(..);
    sequencer$age age(..);
    sequencer$slot slot(..);
    sequencer$counter counter(..);
    sequencer$lane lane(..);
    sequencer$gather_fold gather_fold(..);
    sequencer$count count(..);
    sequencer$remaining remaining(..);
    sequencer$halvings halvings(..);
    sequencer$bank bank(..);
    sequencer$newest newest(..);
    sequencer$stored stored(..);
    sequencer$lost lost(..);
    sequencer$stages$0 stages$0(..);
    sequencer$stages$1 stages$1(..);
    sequencer$stages$2 stages$2(..);
    sequencer$stages$3 stages$3(..);
    sequencer$stages$4 stages$4(..);
    sequencer$stages$5 stages$5(..);
    sequencer$stages$6 stages$6(..);
    sequencer$stages$7 stages$7(..);
    sequencer$stages$8 stages$8(..);
    sequencer$stages$9 stages$9(..);
    sequencer$reader_age reader_age(..);
    sequencer$reader_slot reader_slot(..);
    sequencer$reads$0 reads$0(..);
    sequencer$reads$1 reads$1(..);
    sequencer$reads$2 reads$2(..);
    sequencer$reads$3 reads$3(..);
    sequencer$reads$4 reads$4(..);
    sequencer$accesses accesses(..);
    sequencer$coarse coarse(..);
    sequencer$fine fine(..);
    sequencer$verging verging(..);
    sequencer$swapped swapped(..);
    
    // Update code
    always @(*) begin
        phase$clock = clock;
        aim$clock = clock;
        fold$clock = clock;
        hop$clock = clock;
        age$clock = clock;
        slot$clock = clock;
        counter$clock = clock;
        lane$clock = clock;
        gather_fold$clock = clock;
        count$clock = clock;
        phase$d = phase$q;
        aim$d = aim$q;
        fold$d = fold$q;
        hop$d = hop$q;
        age$d = age$q;
        slot$d = slot$q;
        counter$d = counter$q;
        lane$d = lane$q;
        gather_fold$d = gather_fold$q;
        count$d = count$q;
        remaining$clock = clock;
        halvings$clock = clock;
        bank$clock = clock;
        newest$clock = clock;
        stored$clock = clock;
        lost$clock = clock;
        reader_age$clock = clock;
        reader_slot$clock = clock;
        accesses$clock = clock;
        remaining$d = remaining$q;
        halvings$d = halvings$q;
        bank$d = bank$q;
        newest$d = newest$q;
        stored$d = stored$q;
        lost$d = lost$q;
        reader_age$d = reader_age$q;
        reader_slot$d = reader_slot$q;
        accesses$d = accesses$q;
        coarse$clock = clock;
        fine$clock = clock;
        verging$clock = clock;
        swapped$clock = clock;
        coarse$d = coarse$q;
        fine$d = fine$q;
        verging$d = verging$q;
        swapped$d = swapped$q;
        stages$0$clock = clock;
        stages$1$clock = clock;
        stages$2$clock = clock;
        stages$3$clock = clock;
        stages$4$clock = clock;
        stages$5$clock = clock;
        stages$6$clock = clock;
        stages$7$clock = clock;
        stages$8$clock = clock;
        stages$9$clock = clock;
        stages$1$d = stages$0$q;
        stages$2$d = stages$1$q;
        stages$3$d = stages$2$q;
        stages$4$d = stages$3$q;
        stages$5$d = stages$4$q;
        stages$6$d = stages$5$q;
        stages$7$d = stages$6$q;
        stages$8$d = stages$7$q;
        stages$9$d = stages$8$q;
        reads$0$clock = clock;
        reads$1$clock = clock;
        reads$2$clock = clock;
        reads$3$clock = clock;
        reads$4$clock = clock;
        reads$1$d = reads$0$q;
        reads$2$d = reads$1$q;
        reads$3$d = reads$2$q;
        reads$4$d = reads$3$q;
        operation[(64'h0)+:(1)] = 1'b0;
        operation[(64'h1)+:(2)] = ((32'h0) & 2'h3);
        operation[(64'h3)+:(2)] = ((32'h0) & 2'h3);
        operation[(64'h5)+:(2)] = ((32'h0) & 2'h3);
        operation[(64'h7)+:(1)] = 1'b0;
        operation[(64'h8)+:(1)] = 1'b0;
        operation[(64'h9)+:(1)] = 1'b0;
        operation[(64'ha)+:(1)] = 1'b0;
        operation[(64'hb)+:(1)] = 1'b0;
        operation[(64'hc)+:(2)] = fold$q;
        last_fold = fold$q == final_fold;
        operation[(64'he)+:(1)] = fold$q == ((32'h0) & 2'h3);
        operation[(64'hf)+:(1)] = last_fold;
        operation[(64'h10)+:(6)] = lane$q;
        row_base = base_position;
        row_index = counter$q;
        access[(64'ha)+:(2)] = fold$q;
        access[(64'h32)+:(1)] = 1'b0;
        access[(64'h33)+:(1)] = 1'b0;
        access[(64'h34)+:(2)] = ((32'h0) & 2'h3);
        access[(64'h36)+:(1)] = 1'b0;
        lanes[(64'h0)+:(2)] = stages$1$q[(64'h1)+:(2)];
        lanes[(64'h2)+:(2)] = stages$1$q[(64'h3)+:(2)];
        if (reads$2$q[(64'h0)+:(1)]) begin
            lanes[(64'h2)+:(2)] = ((32'h1) & 2'h3);
        end
        lanes[(64'h4)+:(1)] = stages$1$q[(64'h0)+:(1)];
        lanes[(64'h5)+:(1)] = stages$2$q[(64'h7)+:(1)] | (reads$3$q[(64'h0)+:(1)] & reads$3$q[(64'h1)+:(1)]);
        lanes[(64'h6)+:(1)] = stages$3$q[(64'h8)+:(1)] | reads$4$q[(64'h0)+:(1)];
        lanes[(64'h7)+:(1)] = 1'b0;
        lanes[(64'h8)+:(1)] = stages$3$q[(64'h9)+:(1)];
        lanes[(64'h9)+:(1)] = stages$3$q[(64'hb)+:(1)];
        graded = settings[(64'h1c)+:(1)] & (settings[(64'h0)+:(4)] != ((32'h1) & 4'hf));
        next_hop = hop$q + 32'h1;
        hop_after = hop$q + 32'h2;
        coarse$d = graded & (hop$q == ((32'h0) & 4'hf));
        fine$d = graded & (next_hop == settings[(64'h0)+:(4)]);
        verging$d = graded & (hop_after == settings[(64'h0)+:(4)]);
        lanes[(64'ha)+:(2)] = ((32'h0) & 2'h3);
        if (coarse$q) begin
            lanes[(64'ha)+:(2)] = ((32'h1) & 2'h3);
        end
        if (fine$q) begin
            lanes[(64'ha)+:(2)] = ((32'h2) & 2'h3);
        end
        swap = settings[(64'h1d)+:(1)] & hop$q[32'h0];
        swapped$d = swap;
        lanes[(64'hc)+:(1)] = swapped$q;
        doubled = hop$q << 32'h1;
        embedding = doubled;
        last_memory = ((32'h1) & 4'hf);
        shift = settings[(64'hc)+:(4)];
        step = ((32'h0) & 4'hf);
        if (hop$q != ((32'h0) & 4'hf)) begin
            shift = settings[(64'h10)+:(4)];
        end
        if (aim$q == Target$Question) begin
            embedding = ((32'h1) & 4'hf);
            shift = settings[(64'h14)+:(4)];
            if (coarse$q) begin
                step = ((32'h1) & 4'hf);
            end
        end
        if (aim$q == Target$State) begin
            embedding = ((32'h3) & 4'hf);
            shift = settings[(64'h18)+:(4)];
            if (coarse$q | verging$q) begin
                step = ((32'hf) & 4'hf);
            end
            if (coarse$q & verging$q) begin
                step = ((32'he) & 4'hf);
            end
            if (fine$q) begin
                step = ((32'h1) & 4'hf);
            end
        end
        if (settings[(64'h1d)+:(1)]) begin
            last_memory = settings[(64'h0)+:(4)];
            embedding = hop$q;
            if (aim$q == Target$Question) begin
                embedding = ((32'h0) & 4'hf);
            end
            if (aim$q == Target$State) begin
                embedding = settings[(64'h0)+:(4)];
            end
        end
        base = base_0;
        case (embedding)
            1:
                begin
                    base = base_1;
                end
            2:
                begin
                    base = base_2;
                end
            3:
                begin
                    base = base_3;
                end
            4:
                begin
                    base = base_4;
                end
            default:
                begin
                end
        endcase
        ring = ((settings[(64'h25)+:(7)]) & 8'hff);
        mask = ring - 32'h1;
        ring_twice = ring << 32'h1;
        bank_addressed = ((32'h0) & 8'hff);
        bank_read = ((32'h0) & 8'hff);
        if (settings[(64'h1d)+:(1)]) begin
            if (hop$q[32'h1]) begin
                bank_addressed = ring;
            end
            if (hop$q[32'h2]) begin
                bank_addressed = ring_twice;
            end
            if (next_hop[32'h1]) begin
                bank_read = ring;
            end
            if (next_hop[32'h2]) begin
                bank_read = ring_twice;
            end
        end
        new_slot = newest$q + 32'h1;
        slot_place = ((slot$q) & 8'hff);
        age_place = ((age$q) & 8'hff);
        reader_place = ((reader_slot$q) & 8'hff);
        reader_age_place = ((reader_age$q) & 8'hff);
        final_age = stored$q - 32'h1;
        last_slot = age$q == final_age;
        final_word = settings[(64'h4)+:(8)] - 32'h1;
        loading = 1'b0;
        storing = 1'b0;
        leaving = 1'b0;
        write_state = 1'b0;
        align = 1'b0;
        state_fold = fold$q;
        if (stages$1$q[(64'ha)+:(1)]) begin
            state_fold = stages$1$q[(64'hc)+:(2)];
        end
        if (stages$0$q[(64'hb)+:(1)]) begin
            state_fold = stages$0$q[(64'hc)+:(2)];
        end
        last_read = ((reader_age$q) & 7'h7f) == final_age;
        attended = ((32'h4) & 5'h1f);
        if (fold$q == ((32'h0) & 2'h3)) begin
            attended = ((32'he) & 5'h1f);
        end
        busy = 1'b1;
        done = 1'b0;
        question_begin = 1'b0;
        hop_begin = 1'b0;
        store = 1'b0;
        read_valid = stages$4$q[(64'h9)+:(1)];
        broadcast_select = stages$0$q[(64'h5)+:(2)];
        reading[(64'h0)+:(1)] = stages$9$q[(64'ha)+:(1)] & stages$9$q[(64'hf)+:(1)];
        reading[(64'h2)+:(1)] = 1'b0;
        exponential_valid = reading[(64'h0)+:(1)];
        count$d = count$q + 32'h1;
        case (phase$q)
            Phase$Idle:
                begin
                    busy = 1'b0;
                    loading = 1'b1;
                    access[(64'h32)+:(1)] = load;
                    access[(64'ha)+:(2)] = load_fold;
                    counter$d = 32'h0;
                    fold$d = 32'h0;
                    hop$d = 32'h0;
                    slot$d = new_slot;
                    reader_slot$d = new_slot;
                    if (clear) begin
                        stored$d = 32'h0;
                        lost$d = 32'h0;
                    end
                    if (start) begin
                        phase$d = Phase$Position;
                        aim$d = Target$Memory;
                        if (question) begin
                            aim$d = Target$Question;
                            question_begin = 1'b1;
                        end
                    end
                end
            Phase$Position:
                begin
                    operation[(64'h0)+:(1)] = 1'b1;
                    phase$d = Phase$Word;
                end
            Phase$Word:
                begin
                    operation[(64'h1)+:(2)] = ((32'h1) & 2'h3);
                    operation[(64'h7)+:(1)] = counter$q == ((32'h0) & 8'hff);
                    operation[(64'h8)+:(1)] = 1'b1;
                    row_base = base;
                    row_index = word;
                    counter$d = counter$q + 32'h1;
                    phase$d = Phase$Position;
                    if (((counter$q) & 4'hf) == last_position) begin
                        counter$d = 32'h0;
                        count$d = 32'h0;
                        phase$d = Phase$Settle;
                    end
                end
            Phase$Settle:
                begin
                    remaining$d = shift + step;
                    if (count$q == ((32'h3) & 5'h1f)) begin
                        phase$d = Phase$Shift;
                    end
                end
            Phase$Shift:
                begin
                    lanes[(64'h7)+:(1)] = remaining$q != ((32'h0) & 4'hf);
                    remaining$d = remaining$q - 32'h1;
                    if (remaining$q <= ((32'h1) & 4'hf)) begin
                        phase$d = Phase$Store;
                    end
                end
            Phase$Store:
                begin
                    store = 1'b1;
                    fold$d = fold$q + 32'h1;
                    if (last_fold) begin
                        fold$d = 32'h0;
                    end
                    case (aim$q)
                        Target$Memory:
                            begin
                                storing = 1'b1;
                                phase$d = Phase$Position;
                                if (last_fold) begin
                                    hop$d = next_hop;
                                    if (hop$q == last_memory) begin
                                        newest$d = slot$q;
                                        stored$d = stored$q + 32'h1;
                                        if (stored$q == settings[(64'h1e)+:(7)]) begin
                                            stored$d = stored$q;
                                            if (lost$q != ((32'hffff) & 16'hffff)) begin
                                                lost$d = lost$q + 32'h1;
                                            end
                                        end
                                        phase$d = Phase$Idle;
                                    end
                                end
                            end
                        Target$Question:
                            begin
                                write_state = 1'b1;
                                reader_slot$d = newest$q;
                                phase$d = Phase$Position;
                                if (last_fold) begin
                                    leaving = 1'b1;
                                end
                            end
                        default:
                            begin
                                write_state = 1'b1;
                                reader_slot$d = newest$q;
                                phase$d = Phase$Recall;
                                if (last_fold) begin
                                    hop$d = next_hop;
                                    leaving = 1'b1;
                                end
                            end
                    endcase
                    reader_age$d = 32'h0;
                    if (leaving) begin
                        bank$d = ~bank$q;
                        phase$d = Phase$Address;
                        slot$d = newest$q;
                        age$d = 32'h0;
                        hop_begin = 1'b1;
                    end
                end
            Phase$Address:
                begin
                    count$d = 32'h0;
                    if (hop$q == settings[(64'h0)+:(4)]) begin
                        phase$d = Phase$Answer;
                    end
                    else begin
                        operation[(64'ha)+:(1)] = 1'b1;
                        fold$d = fold$q + 32'h1;
                        if (last_fold) begin
                            fold$d = 32'h0;
                            age$d = age$q + 32'h1;
                            slot$d = slot$q - 32'h1;
                            if (last_slot) begin
                                phase$d = Phase$Attend;
                            end
                        end
                    end
                end
            Phase$Recall:
                begin
                    count$d = 32'h0;
                    reading[(64'h0)+:(1)] = 1'b1;
                    reading[(64'h2)+:(1)] = 1'b1;
                    if (last_read) begin
                        phase$d = Phase$Attend;
                    end
                end
            Phase$Attend:
                begin
                    aim$d = Target$State;
                    if (fold$q == ((32'h0) & 2'h3)) begin
                        halvings$d = 32'h0;
                    end
                    if (count$q == attended) begin
                        count$d = 32'h0;
                        phase$d = Phase$Normalise;
                    end
                end
            Phase$Normalise:
                begin
                    if (fold$q == ((32'h0) & 2'h3)) begin
                        align = 1'b1;
                        if (aligned) begin
                            lanes[(64'h7)+:(1)] = 1'b1;
                            halvings$d = halvings$q + 32'h1;
                        end
                    end
                    else begin
                        lanes[(64'h7)+:(1)] = count$q < halvings$q;
                    end
                    if (count$q == final_halving) begin
                        count$d = 32'h0;
                        phase$d = Phase$Divide;
                    end
                end
            Phase$Divide:
                begin
                    if (count$q == ((32'h0) & 5'h1f)) begin
                        operation[(64'h3)+:(2)] = ((32'h2) & 2'h3);
                        operation[(64'h5)+:(2)] = ((32'h2) & 2'h3);
                        operation[(64'h9)+:(1)] = 1'b1;
                    end
                    if (settings[(64'h1d)+:(1)] & (count$q == ((32'h1) & 5'h1f))) begin
                        operation[(64'h1)+:(2)] = ((32'h2) & 2'h3);
                        operation[(64'h7)+:(1)] = 1'b1;
                        operation[(64'h8)+:(1)] = 1'b1;
                        row_base = diagonal;
                    end
                    if (count$q == ((32'h3) & 5'h1f)) begin
                        operation[(64'h3)+:(2)] = ((32'h3) & 2'h3);
                        operation[(64'h5)+:(2)] = ((32'h3) & 2'h3);
                        operation[(64'h7)+:(1)] = ~settings[(64'h1d)+:(1)];
                        operation[(64'h8)+:(1)] = 1'b1;
                        phase$d = Phase$Controller;
                        if (settings[(64'h1d)+:(1)]) begin
                            count$d = 32'h0;
                            phase$d = Phase$Settle;
                        end
                    end
                end
            Phase$Controller:
                begin
                    operation[(64'h8)+:(1)] = 1'b1;
                    state_fold = gather_fold$q;
                    row_base = base_h;
                    counter$d = counter$q + 32'h1;
                    lane$d = lane$q + 32'h1;
                    if (lane$q == final_lane) begin
                        lane$d = 32'h0;
                        gather_fold$d = gather_fold$q + 32'h1;
                    end
                    count$d = 32'h0;
                    if (counter$q == final_element) begin
                        counter$d = 32'h0;
                        lane$d = 32'h0;
                        gather_fold$d = 32'h0;
                        phase$d = Phase$Settle;
                    end
                end
            Phase$Answer:
                begin
                    operation[(64'hb)+:(1)] = 1'b1;
                    operation[(64'h1)+:(2)] = ((32'h2) & 2'h3);
                    row_base = base;
                    count$d = 32'h0;
                    fold$d = fold$q + 32'h1;
                    if (last_fold) begin
                        fold$d = 32'h0;
                        counter$d = counter$q + 32'h1;
                        if (counter$q == final_word) begin
                            counter$d = 32'h0;
                            phase$d = Phase$Finish;
                        end
                    end
                end
            default:
                begin
                    if (count$q == ((32'h8) & 5'h1f)) begin
                        done = 1'b1;
                        phase$d = Phase$Idle;
                    end
                end
        endcase
        reading[(64'h1)+:(1)] = reader_age$q == ((32'h0) & 6'h3f);
        read_fold = fold$q;
        if (reading[(64'h0)+:(1)] & ~reading[(64'h2)+:(1)]) begin
            read_fold = ((32'h0) & 2'h3);
        end
        if (reading[(64'h0)+:(1)]) begin
            reader_age$d = reader_age$q + 32'h1;
            reader_slot$d = reader_slot$q - 32'h1;
        end
        if (reads$1$q[(64'h0)+:(1)]) begin
            broadcast_select = ((32'h1) & 2'h3);
        end
        access[(64'hc)+:(8)] = (slot_place & mask) | bank_addressed;
        access[(64'h14)+:(8)] = age_place | bank_addressed;
        access[(64'h1c)+:(2)] = fold$q;
        access[(64'h1f)+:(8)] = (reader_place & mask) | bank_read;
        access[(64'h27)+:(8)] = reader_age_place | bank_read;
        access[(64'h2f)+:(2)] = read_fold;
        if (swap) begin
            access[(64'h1f)+:(8)] = (slot_place & mask) | bank_addressed;
            access[(64'h27)+:(8)] = age_place | bank_addressed;
            access[(64'h2f)+:(2)] = fold$q;
            access[(64'hc)+:(8)] = (reader_place & mask) | bank_read;
            access[(64'h14)+:(8)] = reader_age_place | bank_read;
            access[(64'h1c)+:(2)] = read_fold;
        end
        access[(64'h0)+:(10)] = row_base + ((row_index) & 10'h3ff);
        if (loading) begin
            access[(64'h0)+:(10)] = load_row;
            access[(64'hc)+:(8)] = ((load_row) & 8'hff);
            access[(64'h1f)+:(8)] = ((load_row) & 8'hff);
            access[(64'h1c)+:(2)] = load_fold;
            access[(64'h2f)+:(2)] = load_fold;
        end
        access[(64'h1e)+:(1)] = storing & ~hop$q[32'h0];
        access[(64'h31)+:(1)] = storing & hop$q[32'h0];
        stages$0$d = operation;
        reads$0$d = reading;
        accesses$d = access;
        memory = accesses$q;
        memory[(64'h33)+:(1)] = bank$q;
        memory[(64'h34)+:(2)] = state_fold;
        memory[(64'h36)+:(1)] = write_state;
        control = lanes;
        read_age = reader_age$q;
        recall = reads$0$q[(64'h2)+:(1)];
        gather_lane = stages$0$q[(64'h10)+:(6)];
        opening = stages$6$q[(64'he)+:(1)];
        addressed = stages$5$q[(64'ha)+:(1)];
        score_valid = stages$8$q[(64'ha)+:(1)] & stages$8$q[(64'hf)+:(1)];
        logit_valid = stages$7$q[(64'hb)+:(1)] & stages$7$q[(64'hf)+:(1)];
        position = ((counter$q) & 4'hf);
        sentences = stored$q;
        forgotten = lost$q;
        target = aim$q;
        target_memory = ((hop$q) & 3'h7);
        target_fold = fold$q;
    end
    
endmodule
