package rehearse

import (
	"context"
	"errors"
	"regexp"
	"runtime/metrics"
	"strconv"
	"time"
)

// maxMemory is by how many bytes the heap of this process may grow while a build
// runs, and maxWords how many words a brace expansion may have.
const (
	maxMemory = 512 << 20
	maxWords  = 100_000
)

// watch ends a build whose commands take ever more memory, which the interpreter
// does not limit. It returns with the context.
func (c *container) watch(ctx context.Context) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	begin := heap()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := heap(); now > begin && now-begin > maxMemory {
			c.abort(errors.New("the commands take ever more memory"))
			return
		}
	}
}

// abort ends the build for what its commands did.
func (c *container) abort(err error) {
	c.mu.Lock()
	c.broken = true
	c.mu.Unlock()
	c.cancel(err)
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// isHuge reports whether a command has a brace expansion of too many words, which
// the interpreter would make at once.
func isHuge(text string) bool {
	for _, m := range regexp.MustCompile(`\{(-?\d+)\.\.(-?\d+)`).FindAllStringSubmatch(text, -1) {
		from, err1 := strconv.Atoi(m[1])
		to, err2 := strconv.Atoi(m[2])
		if err1 != nil || err2 != nil || max(from, to)-min(from, to) > maxWords || max(from, to)-min(from, to) < 0 {
			return true
		}
	}
	return false
}
