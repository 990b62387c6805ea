package web

import (
	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// requesterList is the id of the names that a page offers for who asked.
const requesterList = "requesters"

// requesterChoice is somebody who asked lately; choosing them fills in the department.
type requesterChoice struct {
	Name, DepartmentID, Department string
}

// requesters lists who asked lately, for a person who could write them down.
func (s *Server) requesters(c *fiber.Ctx) ([]requesterChoice, error) {
	if !team.CanWrite(member(c)) {
		return nil, nil
	}
	list, err := s.Store.RecentRequesters(c.UserContext(), member(c))
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(c)
	var choices []requesterChoice
	for _, r := range list {
		choices = append(choices, requesterChoice{r.Name, r.DepartmentID, names[r.DepartmentID]})
	}
	return choices, err
}
