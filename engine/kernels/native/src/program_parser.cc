#include "program_parser.h"

#include <cstring>
#include <new>

namespace unroll {

using namespace program;

// As `programLimits` in `format.ts`.
constexpr int32_t kVersion = 1;
constexpr int32_t kMostWidth = 1 << 16, kMostPlaces = 4096, kMostRuns = 1024, kMostInstructions = 16384, kMostRegisters = 512, kMostProducts = 4096;
constexpr int32_t kPlaceUnit = 1 << 16;
// Numbers that one row of a step may need, over all places.
constexpr long kMostNumbers = 1l << 21;
// Numbers in the matrices of one program, each as often as it is multiplied.
constexpr int64_t kMostFactors = int64_t{1} << 28;
constexpr long kMostWords = 1l << 20;

class ProgramParser {
 public:
  ProgramParser(const int32_t* words, long count, ParsedProgram& to) : words_(words), left_(count), to_(to), cell_(to.cell_) {}

  const char* parse() {
    if (next() != kVersion) return refuse("another version of the format");
    cell_.inputs = width(1);
    cell_.matrices = list<Matrix>(kMostPlaces, [&] { return Matrix{width(1), width(1)}; });
    cell_.vectors = widths();
    cell_.constants = list<float>(kMostPlaces, [&] {
      const int32_t bits = next();
      float value;
      std::memcpy(&value, &bits, sizeof value);
      return value;
    });
    cell_.states = widths(1);
    cell_.saved = widths();
    if (error_ == nullptr && cell_.states.count == 0) return refuse("no state");
    step(cell_.forward, true);
    step(cell_.backward, false);
    if (error_ == nullptr && left_ != 0) return refuse("words after the end");
    return error_;
  }

 private:
  // Once something was refused, what follows is read as zeros, and no list is made.
  const char* refuse(const char* why) {
    if (error_ == nullptr) error_ = why;
    left_ = 0;
    return error_;
  }

  int32_t next() {
    if (left_ <= 0) {
      refuse("the words end too early");
      return 0;
    }
    left_--;
    return *words_++;
  }

  int32_t within(int32_t least, int32_t most, const char* why) {
    const int32_t value = next();
    if (error_ != nullptr) return least;
    if (value >= least && value <= most) return value;
    refuse(why);
    return least;
  }

  int32_t width(int32_t least) {
    const int32_t value = within(least, kMostWidth, "a width out of range");
    numbers_ += value;
    if (numbers_ > kMostNumbers) refuse("too wide in all");
    return value;
  }

  template <class T, class Item>
  List<T> list(int32_t most, const Item& item) {
    const int32_t count = within(0, most, "a list is too long");
    // Each item has a word at least.
    if (error_ == nullptr && count > left_) refuse("a list is longer than the words");
    if (error_ != nullptr) return {};
    to_.memory_.emplace_back(new char[sizeof(T) * static_cast<size_t>(count) + 1]);
    T* const data = reinterpret_cast<T*>(to_.memory_.back().get());
    for (int32_t index = 0; index < count; index++) new (data + index) T(item());
    return error_ == nullptr ? List<T>{data, count} : List<T>{};
  }

  List<int32_t> widths(int32_t least = 0) {
    return list<int32_t>(kMostPlaces, [&] { return width(least); });
  }

  void step(Step& step, bool forward) {
    step_ = &step;
    forward_ = forward;
    factors_ = 0;
    step.registers = within(0, kMostRegisters, "too many registers");
    step.buffers = widths();
    step.lefts = widths(1);
    step.rights = widths(1);
    step.row_sums = widths();
    if (forward && error_ == nullptr && (step.lefts.count > 0 || step.rights.count > 0 || step.row_sums.count > 0)) refuse("gradients in the forward program");
    step.outers = list<Outer>(kMostPlaces, [&] { return outer(); });
    step.input_terms = list<InputTerm>(kMostPlaces, [&] { return input_term(); });
    step.writes_input_gradient = within(0, 1, "a flag that is neither 0 nor 1") == 1;
    if (error_ == nullptr && forward && (step.outers.count > 0 || step.input_terms.count > 0 || step.writes_input_gradient)) refuse("gradients in the forward program");
    if (error_ == nullptr && step.writes_input_gradient && step.input_terms.count > 0) refuse("two gradients of the input");
    written_.assign(static_cast<size_t>(kKinds) * kMostPlaces, 0);
    step.runs = list<Run>(kMostRuns, [&] { return run(); });
    if (error_ != nullptr) return;
    const Kind results[] = {forward ? kNext : kBefore, forward ? kSaved : kNone, forward ? kNone : kLeft, forward ? kNone : kRight};
    for (const Kind kind : results)
      for (int32_t index = 0; kind != kNone && index < count_of(kind); index++)
        if (!written(kind, index)) refuse("a result that is never written");
    if (step.writes_input_gradient && !written(kInputGradient, 0)) refuse("a result that is never written");
  }

  Outer outer() {
    Outer made{within(0, kMostPlaces, "no such left side"), {}};
    if (error_ == nullptr && made.left >= step_->lefts.count) refuse("no such left side");
    made.right = place(0);
    if (error_ != nullptr) return made;
    const bool known = made.right.kind == kInput || made.right.kind == kRight || (made.right.kind == kState && made.right.index == 0);
    if (!known) refuse("a right side that is not kept");
    else count_factors(step_->lefts[made.left], made.right.width);
    return made;
  }

  InputTerm input_term() {
    InputTerm made{within(0, kMostPlaces, "no such left side"), within(0, kMostPlaces, "no such matrix")};
    if (error_ != nullptr) return made;
    if (made.left >= step_->lefts.count || made.matrix >= cell_.matrices.count) refuse("no such left side or matrix");
    else if (cell_.matrices[made.matrix].columns != cell_.inputs || cell_.matrices[made.matrix].rows != step_->lefts[made.left]) refuse("a matrix of another shape");
    else count_factors(cell_.inputs, step_->lefts[made.left]);
    return made;
  }

  void count_factors(int64_t rows, int64_t columns) {
    factors_ += rows * columns;
    if (factors_ > kMostFactors) refuse("too many products");
  }

  // How many places of a kind there are, in this program.
  int32_t count_of(int32_t kind) const {
    switch (kind) {
      case kRegister: return step_->registers;
      case kTarget: return targets_;
      case kVector: return cell_.vectors.count;
      case kConstant: return cell_.constants.count;
      case kState: case kNext: case kGradient: case kBefore: return cell_.states.count;
      case kSaved: return cell_.saved.count;
      case kBuffer: return step_->buffers.count;
      case kLeft: return step_->lefts.count;
      case kRight: return step_->rights.count;
      case kRowSum: return step_->row_sums.count;
      case kInput: return 1;
      case kInputGradient: return step_->writes_input_gradient ? 1 : 0;
      default: return 0;
    }
  }

  int32_t width_of(int32_t kind, int32_t index) const {
    switch (kind) {
      case kRegister: case kTarget: return run_width_;
      case kVector: return cell_.vectors[index];
      case kState: case kNext: case kGradient: case kBefore: return cell_.states[index];
      case kSaved: return cell_.saved[index];
      case kBuffer: return step_->buffers[index];
      case kLeft: return step_->lefts[index];
      case kRight: return step_->rights[index];
      case kRowSum: return step_->row_sums[index];
      case kInput: case kInputGradient: return cell_.inputs;
      default: return 0;
    }
  }

  Place place(int32_t none_is_allowed) {
    const int32_t number = next();
    if (error_ != nullptr) return {};
    if (number == 0 && none_is_allowed != 0) return {kNone, 0, 0};
    const int32_t kind = number / kPlaceUnit, index = number % kPlaceUnit;
    if (number <= 0 || kind >= kKinds || index >= count_of(kind)) {
      refuse("no such place");
      return {};
    }
    return {kind, index, width_of(kind, index)};
  }

  char& mark(int32_t kind, int32_t index) { return written_[static_cast<size_t>(kind) * kMostPlaces + static_cast<size_t>(index)]; }
  bool written(int32_t kind, int32_t index) { return mark(kind, index) != 0; }

  // What may be read: what is given, and what was written before.
  Place read() {
    const Place from = place(0);
    if (error_ != nullptr) return from;
    const bool given = from.kind == kVector || from.kind == kConstant || from.kind == kInput || from.kind == kTarget ||
                       (forward_ ? from.kind == kState : from.kind == kGradient || from.kind == kSaved);
    // What gathers over units is there after its run.
    if (!given && (!written(from.kind, from.index) || mark(from.kind, from.index) == kGathering)) refuse("read before it is written");
    if (from.kind == kRowSum || from.kind == kInputGradient) refuse("a place that is not for reading");
    return from;
  }

  Place write(int32_t operation) {
    const Place to = place(0);
    if (error_ != nullptr) return to;
    const bool gathers = operation == kSumUnits || operation == kMaxUnits;
    bool allowed = to.kind == kRegister || to.kind == kBuffer;
    if (forward_) allowed = allowed || to.kind == kNext || to.kind == kSaved;
    else allowed = allowed || to.kind == kBefore || to.kind == kLeft || to.kind == kRight || to.kind == kInputGradient;
    if (operation == kSumRows) allowed = !forward_ && to.kind == kRowSum;
    if (gathers) allowed = to.kind == kBuffer && to.width == 0 && run_width_ > 0;
    else if (to.width != run_width_) allowed = false;
    if (!allowed) refuse("a place that cannot be written here");
    return to;
  }

  Run run() {
    Run run{};
    run_width_ = run.width = width(0);
    targets_ = 0;
    registers_anew();
    run.start = list<Place>(kMostProducts, [&] {
      const Place start = place(1);
      if (error_ == nullptr && start.kind != kNone && start.kind != kVector && start.kind != kConstant) refuse("a sum that begins with what is not the same for all rows");
      if (error_ == nullptr && start.width != 0 && start.width != run_width_) refuse("another width");
      return start;
    });
    if (error_ == nullptr && run.start.count > 0 && run.width == 0) refuse("a product that is one number");
    run.products = list<Product>(kMostProducts, [&] { return product(run); });
    if (error_ != nullptr) return run;
    std::vector<char> summed(static_cast<size_t>(run.start.count), 0);
    for (const Product& product : run.products) summed[static_cast<size_t>(product.target)] = 1;
    for (const char one : summed)
      if (one == 0) refuse("a sum of no products");
    targets_ = run.start.count;
    run.instructions = list<Instruction>(kMostInstructions, [&] { return instruction(); });
    for (char& one : written_)
      if (one == kGathering) one = kComplete;
    targets_ = 0;
    return run;
  }

  Product product(const Run& run) {
    const Place of = read();
    Product made{of, within(0, kMostPlaces, "no such matrix"), within(0, 1, "a flag that is neither 0 nor 1"), within(0, kMostProducts, "no such sum")};
    if (error_ != nullptr) return made;
    if (made.matrix >= cell_.matrices.count || made.target >= run.start.count) refuse("no such matrix or sum");
    else if (of.kind == kRegister || of.kind == kConstant || of.kind == kVector || of.kind == kTarget) refuse("a product of what has no rows");
    else {
      const Matrix& matrix = cell_.matrices[made.matrix];
      const int32_t rows = made.turned != 0 ? matrix.columns : matrix.rows, columns = made.turned != 0 ? matrix.rows : matrix.columns;
      if (rows != run.width || columns != of.width) refuse("a matrix of another shape");
      else count_factors(rows, columns);
    }
    return made;
  }

  Instruction instruction() {
    Instruction made{};
    made.operation = within(0, kOperations - 1, "no such operation");
    // Read after what it is made from: nothing is read before it is written.
    const int32_t* const to_word = words_;
    next();
    const int32_t operands = operands_of(made.operation);
    for (int32_t index = 0; index < 3; index++) {
      if (index >= operands) {
        if (next() != 0 && error_ == nullptr) refuse("more operands than the operation has");
        continue;
      }
      made.from[index] = read();
      if (error_ == nullptr && made.from[index].width != run_width_ && made.from[index].width != 0) refuse("another width");
      if (made.from[index].kind == kInput) step_->reads_input = true;
    }
    if (error_ != nullptr) return made;
    const int32_t* const after = words_;
    const long left = left_;
    words_ = to_word;
    left_ = 1;
    made.to = write(made.operation);
    if (error_ != nullptr) return made;
    words_ = after;
    left_ = left;
    const bool gathers = made.operation == kSumUnits || made.operation == kMaxUnits;
    // What one number a row is repeated from has no units to gather.
    if (gathers && made.from[0].width != run_width_) refuse("another width");
    if (gathers && written(made.to.kind, made.to.index) && mark(made.to.kind, made.to.index) == kGathering) refuse("gathered twice");
    if (made.operation != kSumRows) mark(made.to.kind, made.to.index) = gathers ? kGathering : kComplete;
    return made;
  }

  static int32_t operands_of(int32_t operation) {
    if (operation >= kAdd && operation <= kMax) return 2;
    return operation >= kMultiplyAdd && operation <= kSubtractProduct ? 3 : 1;
  }

  void registers_anew() {
    for (int32_t index = 0; error_ == nullptr && index < step_->registers; index++) mark(kRegister, index) = 0;
  }

  static constexpr char kComplete = 1, kGathering = 2;

  const int32_t* words_;
  long left_;
  ParsedProgram& to_;
  CellProgram& cell_;
  const char* error_ = nullptr;
  Step* step_ = nullptr;
  bool forward_ = true;
  int32_t run_width_ = 0;
  int32_t targets_ = 0;
  long numbers_ = 0;
  int64_t factors_ = 0;
  std::vector<char> written_;
};

std::unique_ptr<ParsedProgram> ParsedProgram::parse(const int32_t* words, long count, const char*& error) {
  error = nullptr;
  if (count > kMostWords) {
    error = "too many words";
    return nullptr;
  }
  std::unique_ptr<ParsedProgram> made(new ParsedProgram);
  error = ProgramParser(words, count, *made).parse();
  if (error != nullptr) return nullptr;
  return made;
}

}  // namespace unroll
