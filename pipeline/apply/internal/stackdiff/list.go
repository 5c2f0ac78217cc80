package stackdiff

import "github.com/seed-b1f00840/slipway/cfn"

// An element is one of a list that may stand on both sides.
type element struct {
	before, after cfn.Value // nil where it stands on the other side alone
	was, is       int
}

// index returns the index in the new list, or in the old one where it is only there.
func (e element) index() int {
	if e.after == nil {
		return e.was
	}
	return e.is
}

// maxPairs bounds the work of align: elements of longer lists are paired by their places.
const maxPairs = 1 << 14

// align says which elements of two lists belong together: those that are equal and, of
// what lies between two of these, those with the same name or, where it is as much on
// both sides, the same place. The others were removed or added. Nothing is ever paired
// against the order of the lists.
func align(before, after cfn.List) []element {
	start := 0
	for start < len(before) && start < len(after) && Equal(before[start], after[start]) {
		start++
	}
	end := 0
	for end < len(before)-start && end < len(after)-start && Equal(before[len(before)-1-end], after[len(after)-1-end]) {
		end++
	}
	a := aligner{before: before, after: after}
	a.both(0, 0, start)
	a.middle(start, len(before)-end, start, len(after)-end)
	a.both(len(before)-end, len(after)-end, end)
	return a.out
}

type aligner struct {
	before, after cfn.List
	out           []element
}

// both pairs n elements from i and j on.
func (a *aligner) both(i, j, n int) {
	for k := range n {
		a.out = append(a.out, element{before: a.before[i+k], after: a.after[j+k], was: i + k, is: j + k})
	}
}

// middle aligns before[i:m] with after[j:n].
func (a *aligner) middle(i, m, j, n int) {
	if (m-i)*(n-j) > maxPairs {
		rest := min(m-i, n-j)
		a.both(i, j, rest)
		a.gap(i+rest, m, j+rest, n, nil)
		return
	}
	equal := a.common(i, m, j, n, Equal)
	for _, at := range equal {
		a.gap(i, at[0], j, at[1], sameName)
		a.both(at[0], at[1], 1)
		i, j = at[0]+1, at[1]+1
	}
	a.gap(i, m, j, n, sameName)
}

// gap aligns what has nothing equal. Without names, or where none is the same, as many
// elements on both sides are pairs.
func (a *aligner) gap(i, m, j, n int, same func(a, b cfn.Value) bool) {
	if m-i == n-j {
		a.both(i, j, m-i)
		return
	}
	if same != nil {
		if named := a.common(i, m, j, n, same); len(named) > 0 {
			for _, at := range named {
				a.gap(i, at[0], j, at[1], nil)
				a.both(at[0], at[1], 1)
				i, j = at[0]+1, at[1]+1
			}
			a.gap(i, m, j, n, nil)
			return
		}
	}
	for ; i < m; i++ {
		a.out = append(a.out, element{before: a.before[i], was: i})
	}
	for ; j < n; j++ {
		a.out = append(a.out, element{after: a.after[j], is: j})
	}
}

// common returns the longest sequence of pairs, in the order of both lists, of elements
// that are the same.
func (a *aligner) common(i, m, j, n int, same func(a, b cfn.Value) bool) [][2]int {
	rows, columns := m-i, n-j
	length := make([]int, (rows+1)*(columns+1)) // of the sequence from a pair of places on
	equal := make([]bool, (rows+1)*(columns+1))
	for r := rows - 1; r >= 0; r-- {
		for c := columns - 1; c >= 0; c-- {
			at := r*(columns+1) + c
			if equal[at] = same(a.before[i+r], a.after[j+c]); equal[at] {
				length[at] = length[at+columns+2] + 1
			} else {
				length[at] = max(length[at+1], length[at+columns+1])
			}
		}
	}
	var pairs [][2]int
	for r, c := 0, 0; r < rows && c < columns; {
		at := r*(columns+1) + c
		switch {
		case equal[at]:
			pairs = append(pairs, [2]int{i + r, j + c})
			r, c = r+1, c+1
		case length[at+1] >= length[at+columns+1]:
			c++
		default:
			r++
		}
	}
	return pairs
}

// nameKeys are the members by which the elements of a list are told apart, such as those
// of tags, environment variables, statements and rules.
var nameKeys = [...]string{"Key", "Name", "Sid", "Id", "PolicyName"}

// sameName reports whether two elements are objects of the same name.
func sameName(a, b cfn.Value) bool {
	before, ok := a.(cfn.Object)
	after, okay := b.(cfn.Object)
	if !ok || !okay {
		return false
	}
	for _, key := range nameKeys {
		if name := after.Get(key); name != nil {
			return Equal(before.Get(key), name)
		}
	}
	return false
}
