module crossbar_sequencer(clock,start,answer,gru,symbol,clear,octet,largest,last_row,walking,shown,code,busy,position,walk,fresh,bank,steps,write,write_lane,write_address,write_code);
    
    // Module arguments
    input wire  clock;
    input wire  start;
    input wire  answer;
    input wire  gru;
    input wire  symbol;
    input wire  clear;
    input wire  [7:0] octet;
    input wire  [7:0] largest;
    input wire  [7:0] last_row;
    input wire  walking;
    input wire  shown;
    input wire  [7:0] code;
    output reg  busy;
    output reg  [7:0] position;
    output reg  walk;
    output reg  fresh;
    output reg  bank;
    output reg  [23:0] steps;
    output reg  write;
    output reg  [5:0] write_lane;
    output reg  [5:0] write_address;
    output reg  [7:0] write_code;
    
    // Constant declarations
    localparam  final_lane = 6'b11;
    localparam  final_step = 5'b11100;
    localparam  final_step_of_gru = 5'b11110;
    localparam  final_answer = 5'b1010;
    
    // Enums
    localparam Stage$Idle = 0;
    localparam Stage$Take = 1;
    localparam Stage$Enter = 2;
    localparam Stage$Walk = 3;
    localparam Stage$Drain = 4;
    
    // Stub signals
    reg  stage$clock;
    reg  [2:0] stage$d;
    wire  [2:0] stage$q;
    reg  answering$clock;
    reg  answering$d;
    wire  answering$q;
    reg  one_hot$clock;
    reg  one_hot$d;
    wire  one_hot$q;
    reg  row$clock;
    reg  [7:0] row$d;
    wire  [7:0] row$q;
    reg  asked$clock;
    reg  [7:0] asked$d;
    wire  [7:0] asked$q;
    reg  asking$clock;
    reg  asking$d;
    wire  asking$q;
    reg  count$clock;
    reg  [4:0] count$d;
    wire  [4:0] count$q;
    reg  lane$clock;
    reg  [5:0] lane$d;
    wire  [5:0] lane$q;
    reg  chunk$clock;
    reg  [3:0] chunk$d;
    wire  [3:0] chunk$q;
    reg  odd$clock;
    reg  odd$d;
    wire  odd$q;
    reg  done$clock;
    reg  [23:0] done$d;
    wire  [23:0] done$q;
    
    // Local signals
    reg  [4:0] drained;
    reg  [5:0] space;
    
    // Sub module instances
    crossbar_sequencer$stage stage(..);
    crossbar_sequencer$answering answering(..);
    crossbar_sequencer$one_hot one_hot(..);
    crossbar_sequencer$row row(..);
    crossbar_sequencer$asked asked(..);
    crossbar_sequencer$asking asking(..);
    crossbar_sequencer$count count(..);
    crossbar_sequencer$lane lane(..);
    crossbar_sequencer$chunk chunk(..);
    crossbar_sequencer$odd odd(..);
    crossbar_sequencer$done done(..);
    
    // Update code
    always @(*) begin
        stage$clock = clock;
        answering$clock = clock;
        one_hot$clock = clock;
        row$clock = clock;
        asked$clock = clock;
        asking$clock = clock;
        count$clock = clock;
        lane$clock = clock;
        chunk$clock = clock;
        odd$clock = clock;
        done$clock = clock;
        stage$d = stage$q;
        answering$d = answering$q;
        one_hot$d = one_hot$q;
        row$d = row$q;
        asked$d = asked$q;
        asking$d = asking$q;
        count$d = count$q;
        lane$d = lane$q;
        chunk$d = chunk$q;
        odd$d = odd$q;
        done$d = done$q;
        busy = 1'b1;
        walk = 1'b0;
        position = row$q;
        asked$d = row$q;
        asking$d = 1'b0;
        drained = final_step;
        if (gru) begin
            drained = final_step_of_gru;
        end
        write = asking$q | shown;
        write_lane = lane$q;
        space = ((chunk$q) & 6'h3f);
        write_address = space;
        write_code = octet;
        if (one_hot$q) begin
            write_code = ((32'h0) & 8'hff);
            if (octet == asked$q) begin
                write_code = largest;
            end
        end
        if (shown) begin
            write_code = code;
            write_address = space | ((32'h30) & 6'h3f);
            if (odd$q) begin
                write_address = space | ((32'h20) & 6'h3f);
            end
        end
        if (write) begin
            lane$d = lane$q + 32'h1;
            if (lane$q == final_lane) begin
                lane$d = 32'h0;
                chunk$d = chunk$q + 32'h1;
            end
        end
        case (stage$q)
            Stage$Idle:
                begin
                    busy = 1'b0;
                    row$d = 32'h0;
                    count$d = 32'h0;
                    lane$d = 32'h0;
                    chunk$d = 32'h0;
                    answering$d = answer;
                    one_hot$d = symbol;
                    if (start) begin
                        stage$d = Stage$Take;
                        if (answer) begin
                            stage$d = Stage$Enter;
                        end
                    end
                end
            Stage$Take:
                begin
                    asking$d = 1'b1;
                    row$d = row$q + 32'h1;
                    if (row$q == last_row) begin
                        stage$d = Stage$Enter;
                    end
                end
            Stage$Enter:
                begin
                    walk = 1'b1;
                    stage$d = Stage$Walk;
                end
            Stage$Walk:
                begin
                    lane$d = 32'h0;
                    chunk$d = 32'h0;
                    stage$d = Stage$Drain;
                end
            default:
                begin
                    if (~walking) begin
                        count$d = count$q + 32'h1;
                    end
                    if (answering$q & (count$q == final_answer)) begin
                        stage$d = Stage$Idle;
                    end
                    if (count$q == drained) begin
                        stage$d = Stage$Idle;
                        odd$d = ~odd$q;
                        done$d = done$q + 32'h1;
                        if (done$q == ((32'hffffff) & 24'hffffff)) begin
                            done$d = done$q;
                        end
                    end
                end
        endcase
        if (one_hot$q) begin
            position = ((32'h0) & 8'hff);
        end
        if (clear) begin
            done$d = 32'h0;
        end
        fresh = done$q == ((32'h0) & 24'hffffff);
        bank = odd$q;
        steps = done$q;
    end
    
endmodule
