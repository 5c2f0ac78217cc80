package applytest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// Dial returns clients and the clock of a cloud that another process serves. They behave
// as those of [Cloud.Clients] and [Cloud.Clock] do there, errors included. Where the
// connection is lost, calls fail with an error that is none of AWS's.
func Dial(network, address string) (apply.Clients, apply.Clock, error) {
	r := &remote{network: network, address: address}
	hello, err := r.send(context.Background(), &request{Operation: opHello})
	if err != nil {
		return apply.Clients{}, nil, err
	}
	return clientsOf(r, hello.Region, nil), remoteClock{r}, nil
}

// remote is a cloud in another process. Each call that goes on has a connection of its own.
type remote struct {
	network, address string

	mu   sync.Mutex
	idle []*remoteConn
	now  time.Time // that the cloud has told last
}

type remoteConn struct {
	net.Conn
	out *json.Encoder
	in  *json.Decoder
}

// call carries a call of a client.
func (r *remote) call(ctx context.Context, id string, in any) (any, error) {
	req, err := requestOf(id, in)
	if err != nil {
		return nil, err
	}
	res, err := r.send(ctx, req)
	switch {
	case err != nil:
		return nil, err
	case res.Failure != nil:
		return nil, res.Failure
	}
	out := operations[id].output()
	return out, json.Unmarshal(res.Output, out)
}

// send sends a request, and waits for the answer.
func (r *remote) send(ctx context.Context, req *request) (*response, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	conn, err := r.take()
	if err != nil {
		return nil, fmt.Errorf("reach the cloud at %s: %w", r.address, err)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	res := &response{}
	if err = conn.out.Encode(req); err == nil {
		err = conn.in.Decode(res)
	}
	if stop() && err == nil {
		r.give(conn)
	} else {
		conn.Close()
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("ask the cloud at %s: %w", r.address, err)
	case res.Error != "":
		return nil, errors.New(res.Error)
	}
	return res, nil
}

func (r *remote) take() (*remoteConn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.idle); n > 0 {
		conn := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return conn, nil
	}
	conn, err := net.Dial(r.network, r.address)
	if err != nil {
		return nil, err
	}
	return &remoteConn{Conn: conn, out: json.NewEncoder(conn), in: json.NewDecoder(bufio.NewReader(conn))}, nil
}

func (r *remote) give(conn *remoteConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, conn)
}

// remoteClock is the clock of a cloud in another process. Now is the time of the last
// answer of the cloud where it does not answer.
type remoteClock struct{ r *remote }

func (k remoteClock) Now() time.Time {
	res, err := k.r.send(context.Background(), &request{Operation: opNow})
	k.r.mu.Lock()
	defer k.r.mu.Unlock()
	if err == nil {
		k.r.now = res.Now
	}
	return k.r.now
}

func (k remoteClock) Sleep(ctx context.Context, d time.Duration) error {
	_, err := k.r.send(ctx, &request{Operation: opSleep, Sleep: d})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
